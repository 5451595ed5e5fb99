package io.kompletion.providers.azure

import io.kompletion.Secret
import io.kompletion.chat.ChatCompletionRequest
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement

private fun parse(text: String): JsonElement = Json.parseToJsonElement(text)

/** [set] with assignments and [chained] with methods say the same, under [name]. */
private class Row(val name: String, val set: AzureOptions.Builder.() -> Unit, val chained: (AzureOptions.Builder) -> AzureOptions.Builder)

private val rows = mapOf(
    "resource" to Row("resource", { resource = "res" }, { it.resource("res") }),
    "apiVersion" to Row("api_version", { apiVersion = "2024-10-21" }, { it.apiVersion("2024-10-21") }),
    "model" to Row("model", { model = "gpt-5" }, { it.model("gpt-5") }),
    "baseUrl" to Row("base_url", { baseUrl = "https://h" }, { it.baseUrl("https://h") }),
    "scope" to Row("scope", { scope = "s" }, { it.scope("s") }),
    "authorityHost" to Row("authority_host", { authorityHost = "h" }, { it.authorityHost("h") }),
    "dataSources" to Row("data_sources", { dataSources = parse("[]") }, { it.dataSources("[]") }),
    "userSecurityContext" to Row("user_security_context", { userSecurityContext = parse("{}") }, { it.userSecurityContext("{}") }),
)

/** What each option does is in the other tests of this folder. */
class AzureOptionsTest : FunSpec({
    test("every property has a row, and both ways to set it are one") {
        val setters = AzureOptions.Builder::class.java.declaredMethods.map { it.name }.filter { it.startsWith("set") }
        rows.keys.map { "set" + it.replaceFirstChar(Char::uppercase) } shouldContainExactlyInAnyOrder setters
        for (row in rows.values) {
            val options = AzureOptions { row.set(this) }
            options.toMap().keys shouldBe setOf(row.name)
            row.chained(AzureOptions.builder()).build() shouldBe options
            options.toBuilder().build() shouldBe options
        }
    }

    test("Azure's own fields go into the body, all others into none") {
        val all = AzureOptions {
            resource = "res"
            apiVersion = "2024-10-21"
            model = "gpt-4o"
            dataSources = parse("""[{"type":"azure_search"}]""")
            userSecurityContext = parse("""{"end_user_id":"u"}""")
        }
        val cloud = AzureCloud()
        cloud.client(mapOf("AZURE_API_KEY" to "k")).chat(
            ChatCompletionRequest("azure/d") {
                user("Hi")
                options(all)
            },
        )
        val body = cloud.calls.single().json
        body.keys shouldBe setOf("model", "messages", "data_sources", "user_security_context")
        body["data_sources"] shouldBe parse("""[{"type":"azure_search"}]""")
        body["user_security_context"] shouldBe parse("""{"end_user_id":"u"}""")
    }

    test("a secret is in no text and in no JSON of a request") {
        val options = AzureOptions { clientCredentials("t", "c", Secret("secret-canary")) }
        val request = ChatCompletionRequest("azure/d") {
            user("Hi")
            options(options)
        }
        "$options $request ${request.toJson()}" shouldNotContain "secret-canary"
    }
})
