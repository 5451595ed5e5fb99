package io.kompletion.providers.azure

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.internal.call.DONE
import io.kompletion.internal.call.FINISH
import io.kompletion.internal.call.FakeResponse
import io.kompletion.internal.call.delta
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject

class AzureRequestTest : FunSpec({
    context("the rules are those of the model that the deployment serves") {
        test("which its name begins with") {
            val sent = encode("gpt-5-mini-eu") {
                system("Be brief.")
                user("Hi")
                temperature(0.5)
                maxTokens(10)
            }
            sent.json["model"] shouldBe JsonPrimitive("gpt-5-mini-eu")
            sent.json.getValue("messages").jsonArray[0].jsonObject["role"] shouldBe JsonPrimitive("developer")
            sent.json["temperature"] shouldBe null
            sent.json["max_completion_tokens"] shouldBe JsonPrimitive(10)
            sent.told shouldContain "temperature dropped"
            sent.told shouldContain "max_tokens renamed"
        }

        test("or which the option names, and that option goes into no body") {
            val sent = encode("my-chat", options = mapOf("model" to "o4-mini")) {
                system("Be brief.")
                user("Hi")
                topP(0.5)
            }
            sent.json.keys shouldBe setOf("model", "messages")
            sent.json["model"] shouldBe JsonPrimitive("my-chat")
            sent.json.getValue("messages").jsonArray[0].jsonObject["role"] shouldBe JsonPrimitive("developer")
            sent.told shouldBe listOf("top_p dropped")
        }

        test("the option wins over the name") {
            val sent = encode("gpt-5-mini", options = mapOf("model" to "gpt-4o")) {
                user("Hi")
                temperature(0.5)
            }
            sent.json["temperature"] shouldBe JsonPrimitive(0.5)
            sent.warnings.shouldBeEmpty()
        }

        test("a limit goes to other models under the name that it was given") {
            val old = encode("my-chat") {
                user("Hi")
                maxTokens(10)
            }
            old.json["max_tokens"] shouldBe JsonPrimitive(10)
            val new = encode("my-chat") {
                user("Hi")
                maxCompletionTokens(10)
            }
            new.json["max_completion_tokens"] shouldBe JsonPrimitive(10)
            (old.warnings + new.warnings).shouldBeEmpty()
        }
    }

    test("a stream asks for usage where the version knows how") {
        for ((version, asks) in listOf(
            null to true,
            "preview" to true,
            "2024-10-21" to true,
            "2024-09-01-preview" to true,
            "2024-08-01-preview" to false,
            "2023-05-15" to false,
        )) {
            val sent = encode("gpt-4o", streaming = true, options = listOfNotNull(version?.let { "api_version" to it }).toMap())
            (version to ("stream_options" in sent.json)) shouldBe (version to asks)
        }
    }

    test("Azure's inference interface knows how to count, whatever its date") {
        val options = mapOf("base_url" to "https://res.services.ai.azure.com/models")
        val cloud = AzureCloud { FakeResponse(200, listOf(delta("Hi"), FINISH, DONE)) }
        cloud.client(mapOf("AZURE_API_KEY" to "k")).chatStream(
            ChatCompletionRequest("azure/grok-4") {
                user("Hi")
                providerOptions("azure", options.mapValues { JsonPrimitive(it.value) })
            },
        ).collect { }
        ("stream_options" in cloud.calls.single().json) shouldBe true
    }
})
