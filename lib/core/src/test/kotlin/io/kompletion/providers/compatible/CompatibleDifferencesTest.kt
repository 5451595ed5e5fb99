package io.kompletion.providers.compatible

import io.kompletion.Kompletion
import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolChoice
import io.kompletion.error.ConfigurationException
import io.kompletion.error.KompletionException
import io.kompletion.internal.call.DONE
import io.kompletion.internal.call.FakeResponse
import io.kompletion.internal.call.FakeTransport
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.maps.shouldNotContainKey
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.flow.last
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject

/** What single rows say of their servers, each of which is wrong without it. */
class CompatibleDifferencesTest : FunSpec({
    context("Heroku") {
        test("is reached where its own variables say, which name the host alone") {
            val ours = mapOf("INFERENCE_KEY" to "k")
            val path = "/v1/chat/completions"
            sent("heroku/claude", ours).url shouldBe "https://us.inference.heroku.com$path"
            for (said in listOf("https://eu.inference.heroku.com", "https://eu.inference.heroku.com/", "https://eu.inference.heroku.com/v1")) {
                sent("heroku/claude", ours + ("INFERENCE_URL" to said)).url shouldBe "https://eu.inference.heroku.com$path"
            }
            sent("heroku/claude", ours + ("INFERENCE_URL" to "https://a.example") + ("HEROKU_BASE_URL" to "https://b.example/v1"))
                .url shouldBe "https://b.example$path"
        }

        test("gets the key for inference before the one for its platform") {
            val both = mapOf("HEROKU_API_KEY" to "platform", "INFERENCE_KEY" to "inference")
            sent("heroku/claude", both).headers["authorization"] shouldBe "Bearer inference"
        }

        test("does not get what it would ignore") {
            dropped("heroku/claude") {
                n = 2
                seed = 7
                presencePenalty = 0.1
                frequencyPenalty = 0.1
                logitBias["1"] = 1.0
                temperature = 0.5
            } shouldBe setOf("n", "seed", "presence_penalty", "frequency_penalty", "logit_bias")
        }
    }

    context("Databricks") {
        test("is reached at a workspace, or at a base URL with or without the path of its models") {
            val token = mapOf("DATABRICKS_TOKEN" to "t")
            val there = "https://a.cloud.databricks.com/serving-endpoints/chat/completions"
            for (said in listOf("https://a.cloud.databricks.com", "https://a.cloud.databricks.com/serving-endpoints")) {
                sent("databricks/m", token + ("DATABRICKS_BASE_URL" to said)).url shouldBe there
            }
            sent("databricks/m", token + ("DATABRICKS_HOST" to "a.cloud.databricks.com")).url shouldBe there
            sent("databricks/m", token + ("DATABRICKS_BASE_URL" to "https://proxy.example/models")).url shouldBe
                "https://proxy.example/models/chat/completions"
            shouldThrow<ConfigurationException> { sent("databricks/m", token) }.message.orEmpty() shouldContain "set DATABRICKS_HOST"
        }

        test("shows how Claude thinks as a part of the content, whole and streamed") {
            val parts = """[{"type":"reasoning","summary":[{"type":"summary_text","text":"Because","signature":"sig"}]},""" +
                """{"type":"text","text":"Yes"}]"""
            for (streaming in listOf(false, true)) {
                withClue("streaming: $streaming") {
                    val message = replied("databricks/claude", """"content":$parts""", streaming).message
                    message.reasoning shouldBe "Because"
                    (message.parts.first() as ReasoningPart).signature shouldBe "sig"
                    message.content shouldBe "Yes"
                }
            }
        }

        test("does not get parallel_tool_calls") {
            dropped("databricks/m") {
                anyTool()
                parallelToolCalls = false
            } shouldBe setOf("parallel_tool_calls")
        }
    }

    context("Snowflake") {
        val pat = mapOf("SNOWFLAKE_PAT" to "t")
        val there = "https://org-name.snowflakecomputing.com/api/v2/cortex/v1/chat/completions"

        test("is reached at an account, by its name, its host or its address") {
            for (said in listOf("org-name", "org-name.snowflakecomputing.com", "https://org-name.snowflakecomputing.com/")) {
                sent("snowflake/claude-sonnet-4-6", pat + ("SNOWFLAKE_ACCOUNT" to said)).url shouldBe there
            }
            shouldThrow<ConfigurationException> {
                sent("snowflake/m", pat + ("SNOWFLAKE_ACCOUNT" to ".snowflakecomputing.com"))
            }.message.orEmpty() shouldContain "account"
        }

        test("takes any of its tokens") {
            for (name in listOf("SNOWFLAKE_PAT", "SNOWFLAKE_TOKEN", "SNOWFLAKE_JWT")) {
                sent("snowflake/m", mapOf(name to "t", "SNOWFLAKE_ACCOUNT" to "a")).headers["authorization"] shouldBe "Bearer t"
            }
        }

        test("has tools and schemas for Claude and OpenAI's models alone, and reads no effort for Claude") {
            val tools = setOf("tools", "tool_choice", "parallel_tool_calls", "response_format")
            for ((model, left) in listOf(
                "llama3.1-70b" to tools,
                "mistral-large2" to tools,
                "openai-gpt-5" to emptySet(),
                "claude-sonnet-4-6" to setOf("reasoning_effort"),
            )) {
                withClue(model) {
                    dropped("snowflake/$model", mapOf("SNOWFLAKE_PAT" to "t", "SNOWFLAKE_ACCOUNT" to "a")) {
                        anyTool()
                        parallelToolCalls = false
                        responseSchema = Json.parseToJsonElement("""{"type":"object"}""")
                        reasoningEffort = "low"
                    } shouldBe left
                }
            }
        }
    }

    context("DeepSeek") {
        fun ChatCompletionRequestBuilder.history() {
            user("Why?")
            message(AssistantMessage.of(listOf(ReasoningPart.of("because"), TextPart.of("yes"))))
            user("And?")
            message(AssistantMessage.of(listOf(TextPart.of("no"))))
            user("Oh?")
        }

        suspend fun reasoning(model: String) = sent(model) { history() }.json.getValue("messages").jsonArray
            .map { it.jsonObject }.filter { it["role"] == JsonPrimitive("assistant") }.map { it["reasoning_content"] }

        test("wants the field of reasoning with every answer of the history where the model reasons") {
            val every = listOf(JsonPrimitive("because"), JsonPrimitive(""))
            reasoning("deepseek/deepseek-reasoner") shouldBe every
            reasoning("deepseek/deepseek-v4-flash") shouldBe every
            reasoning("deepseek/deepseek-chat") shouldBe listOf(JsonPrimitive("because"), null)
            reasoning("groq/m") shouldBe listOf(null, null)
        }

        test("does not get what its reasoning model would ignore") {
            fun ChatCompletionRequestBuilder.sampling() {
                temperature = 0.5
                presencePenalty = 0.1
                frequencyPenalty = 0.1
                topP = 0.9
            }
            dropped("deepseek/deepseek-reasoner") { sampling() } shouldBe setOf("temperature", "presence_penalty", "frequency_penalty")
            dropped("deepseek/deepseek-chat") { sampling() } shouldBe emptySet()
        }
    }

    context("an answer that ended because the server could not go on is a failure that is tried again") {
        for ((model, reason) in listOf(
            "deepseek/deepseek-chat" to "insufficient_system_resource",
            "zai/glm-5" to "network_error",
            "zhipu/glm-5" to "network_error",
        )) {
            test("$model: $reason") {
                for (streaming in listOf(false, true)) {
                    val failure = shouldThrow<KompletionException> { replied(model, """"content":"Hal"""", streaming, reason) }
                    failure.code shouldBe reason
                    failure.isRetryable shouldBe true
                }
                replied("groq/m", """"content":"Hal"""", streaming = false, reason).nativeFinishReason shouldBe reason
            }
        }
    }

    context("OpenRouter") {
        test("gets its reasoning back, as text and in the details that only it can read") {
            val details = """[{"type":"reasoning.text","text":"Because","signature":"s","index":0},""" +
                """{"type":"reasoning.encrypted","data":"AAAA","index":1}]"""
            for (streaming in listOf(false, true)) {
                withClue("streaming: $streaming") {
                    val said = """"content":"Yes","reasoning":"Because","reasoning_details":$details"""
                    val message = replied("openrouter/anthropic/claude-haiku-4.5", said, streaming).message
                    val back = sent("openrouter/anthropic/claude-haiku-4.5") {
                        user("Why?")
                        message(message)
                        user("And?")
                    }.json.getValue("messages").jsonArray.map { it.jsonObject }.single { it["role"] == JsonPrimitive("assistant") }
                    back["reasoning"] shouldBe JsonPrimitive("Because")
                    (back["reasoning_details"] as JsonArray).size shouldBe 2
                    sent("groq/m") { message(message) }.json.toString().contains("AAAA") shouldBe false
                }
            }
        }
    }

    test("Cloudflare takes either name of its token") {
        for (name in listOf("CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY")) {
            sent("cloudflare/@cf/meta/llama-3.1-8b-instruct", mapOf(name to "t", "CLOUDFLARE_ACCOUNT_ID" to "a"))
                .headers["authorization"] shouldBe "Bearer t"
        }
    }

    test("Hugging Face gets names with the provider behind it as they are") {
        val request = sent("hf/moonshotai/Kimi-K2-Instruct:together", mapOf("HF_TOKEN" to "t"))
        request.url shouldBe "https://router.huggingface.co/v1/chat/completions"
        request.json["model"] shouldBe JsonPrimitive("moonshotai/Kimi-K2-Instruct:together")
    }
})

private fun ChatCompletionRequestBuilder.anyTool() {
    tool("f", "does", """{"type":"object","properties":{}}""")
    toolChoice = ToolChoice.Auto
}

/** The parameters that are left out with a warning, and are not in the body either. */
private suspend fun dropped(
    model: String,
    environment: Map<String, String> = EVERY_KEY + ("DATABRICKS_HOST" to "a.example"),
    request: ChatCompletionRequestBuilder.() -> Unit,
): Set<String> {
    val names = answer(model, environment, more = request).warnings.filter { it.kind == "dropped" }.map { it.parameter }.toSet()
    val body = sent(model, environment, request).json
    for (name in names) body shouldNotContainKey name
    return names
}

/** What comes of an answer of [model] with [said] in its message. */
private suspend fun replied(model: String, said: String, streaming: Boolean, reason: String = "stop") = Kompletion {
    environment(EVERY_KEY + ("DATABRICKS_HOST" to "a.example"))
    retry { enabled = false }
    transport(
        FakeTransport { _, _ ->
            val place = if (streaming) "delta" else "message"
            val body = """{"id":"1","model":"m","choices":[{"index":0,"$place":{"role":"assistant",$said},"finish_reason":"$reason"}]}"""
            if (streaming) {
                FakeResponse(200, listOf("data: $body\n\n", DONE))
            } else {
                FakeResponse(200, listOf(body), listOf("content-type", "application/json"))
            }
        },
    )
}.let { client ->
    if (streaming) {
        (client.chatStream(model) { user("Hello") }.last() as FinalResponseChunk).response
    } else {
        client.chat(model) { user("Hello") }
    }
}
