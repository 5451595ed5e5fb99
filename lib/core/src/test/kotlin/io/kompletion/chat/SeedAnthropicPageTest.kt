package io.kompletion.chat

import io.kompletion.Secret
import io.kompletion.error.InvalidRequestException
import io.kompletion.internal.route.RoutePlanner
import io.kompletion.internal.stream.StreamReplay
import io.kompletion.internal.stream.WireStream
import io.kompletion.provider.EncodedChat
import io.kompletion.provider.Target
import io.kompletion.providers.BuiltinProviders
import io.kompletion.providers.RegisteredProvider
import io.kompletion.providers.anthropic.ClaudePrompt
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.maps.shouldNotContainKey
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import java.util.Base64

private fun parse(text: String): JsonElement = Json.parseToJsonElement(text)

/** The dictionary [fields], in OpenAI's shape, to [model] with one message unless it has its own. */
private fun target(model: String, fields: String = "{}"): Target {
    val given = parse(fields).jsonObject
    val messages = given["messages"] ?: parse("""[{"role":"user","content":"Hey! how's it going?"}]""")
    val request = JsonObject(mapOf("model" to JsonPrimitive(model), "messages" to messages) + given)
    return ChatCompletionRequest.fromJson(request.toString()).targets().single()
}

private fun sent(model: String, fields: String = "{}"): EncodedChat = target(model, fields).encode()

private val EncodedChat.messages: JsonArray get() = tree.getValue("messages").jsonArray

private fun EncodedChat.block(index: Int): JsonElement =
    messages.first().jsonObject.getValue("content").jsonArray[index]

private const val SONNET = "anthropic/claude-3-5-sonnet-20240620"
private const val OPUS = "anthropic/claude-3-opus-20240229"

private const val WEATHER = """{"type":"function","function":{"name":"get_current_weather",
    "description":"Get the current weather in a given location","parameters":{"type":"object","properties":{
    "location":{"type":"string","description":"The city and state, e.g. San Francisco, CA"},
    "unit":{"type":"string","enum":["celsius","fahrenheit"]}},"required":["location"]}}}"""

private fun weather(more: String = "") = """{"name":"get_current_weather",
    "description":"Get the current weather in a given location","input_schema":{"type":"object","properties":{
    "location":{"type":"string","description":"The city and state, e.g. San Francisco, CA"},
    "unit":{"type":"string","enum":["celsius","fahrenheit"]}},"required":["location"]}$more}"""

private const val CALLS = """{"id":"msg_1","type":"message","role":"assistant","model":"claude-3-opus-20240229",
    "content":[{"type":"text","text":"I look."},
      {"type":"tool_use","id":"toolu_1","name":"get_current_weather","input":{"location":"Boston, MA"}},
      {"type":"tool_use","id":"toolu_2","name":"get_current_weather","input":{"location":"Rome"}}],
    "stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":400,"output_tokens":60}}"""

private const val KEY_TERMS = "What are the key terms and conditions in this agreement?"

private fun cached(text: String) = """{"type":"text","text":"$text","cache_control":{"type":"ephemeral"}}"""

private fun pdf(text: String = "%PDF-1.7 pages") = Base64.getEncoder().encodeToString(text.toByteArray())

private fun pdfBlock(more: String = "") =
    """{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"${pdf()}"}$more}"""

/**
 * Every block of code on a widely read page about calling Anthropic with requests in OpenAI's shape: what goes over the
 * wire, and what comes back.
 */
class SeedAnthropicPageTest : FunSpec({
    context("key, address and models") {
        for (name in listOf("ANTHROPIC_BASE_URL", "ANTHROPIC_API_BASE")) {
            test("the key comes from ANTHROPIC_API_KEY, the address from $name") {
                val environment = mapOf("ANTHROPIC_API_KEY" to "your-api-key", name to "https://claude.example")
                val planner =
                    RoutePlanner(BuiltinProviders.all(), emptyList(), RegisteredProvider::of) { environment[it] }
                val target = planner.plan(ChatCompletionRequest("claude-3-opus-20240229") { user("Hi") }).single()
                target.credential shouldBe Secret("your-api-key")
                target.baseUrl shouldBe "https://claude.example"
                target.encode().path shouldBe "/v1/messages"
            }
        }
        for ((model, limit) in listOf(
            "claude-3-5-sonnet-20240620" to 8192,
            "claude-3-haiku-20240307" to 4096,
            "claude-3-opus-20240229" to 4096,
            "claude-3-sonnet-20240229" to 4096,
            "claude-2.1" to 4096,
            "claude-2" to 4096,
            "claude-instant-1.2" to 4096,
            "claude-instant-1" to 4096,
        )) {
            test("$model is found by its bare name, and answers 4096 tokens unless told otherwise") {
                for (name in listOf(model, "anthropic/$model")) {
                    val target = target(name)
                    target.toString() shouldBe "anthropic/$model"
                    target.body()["model"] shouldBe JsonPrimitive(model)
                    target.body()["max_tokens"] shouldBe JsonPrimitive(4096)
                }
                target(model, """{"max_tokens":$limit}""").body()["max_tokens"] shouldBe JsonPrimitive(limit)
                shouldThrow<InvalidRequestException> { target(model, """{"max_tokens":${limit + 1}}""").body() }
            }
        }
    }

    context("usage") {
        test("one message, one answer") {
            val target = target("claude-3-opus-20240229")
            target.encode().path shouldBe "/messages"
            target.encode().headers["anthropic-version"] shouldBe "2023-06-01"
            target.encode().headers["x-api-key"] shouldBe "k"
            target.body() shouldBe parse(
                """{"model":"claude-3-opus-20240229","max_tokens":4096,"messages":[{"role":"user","content":[
                {"type":"text","text":"Hey! how's it going?"}]}]}""",
            )
            val answer = target.answered(
                """{"id":"msg_1","type":"message","role":"assistant","model":"claude-3-opus-20240229",
                "content":[{"type":"text","text":"Well."}],"stop_reason":"end_turn",
                "usage":{"input_tokens":13,"output_tokens":4}}""",
            )
            answer.content shouldBe "Well."
            answer.finishReason shouldBe FinishReason.STOP
            answer.usage?.totalTokens shouldBe 17
        }
        test("the same as a stream") {
            target("claude-3-opus-20240229", """{"stream":true}""").encode(streaming = true)
                .tree["stream"] shouldBe JsonPrimitive(true)
            val events = listOf(
                """{"type":"message_start","message":{"id":"msg_1","model":"claude-3-opus-20240229","content":[],
                "usage":{"input_tokens":13,"output_tokens":1}}}""",
                """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
                """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Well"}}""",
                """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"."}}""",
                """{"type":"content_block_stop","index":0}""",
                """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":4}}""",
                """{"type":"message_stop"}""",
            ).joinToString("") { "data: ${it.replace("\n", "")}\n\n" }
            val stream = WireStream("page", events.toByteArray(), "text/event-stream", provider = "anthropic")
            val chunks = StreamReplay.whole(stream).chunks
            chunks.filterIsInstance<AssistantMessageDeltaChunk>().map { it.content } shouldBe listOf("Well", ".")
            (chunks.last() as FinalResponseChunk).response.content shouldBe "Well."
        }
    }

    context("prompt caching") {
        test("the raw request: a breakpoint on a part, a beta header, temperature and limit") {
            val sent = sent(
                SONNET,
                """{"messages":[{"role":"user","content":[${cached(KEY_TERMS)}]},{"role":"assistant","content":[
                {"type":"text","text":"Certainly!"}]},{"role":"user","content":[${cached(KEY_TERMS)}]}],
                "temperature":0.2,"max_tokens":10,"extra_headers":{"anthropic-beta":"prompt-caching-2024-07-31"}}""",
            )
            sent.headers["anthropic-beta"] shouldBe "prompt-caching-2024-07-31"
            sent.tree["temperature"] shouldBe JsonPrimitive(0.2)
            sent.tree["max_tokens"] shouldBe JsonPrimitive(10)
            sent.messages shouldBe parse(
                """[{"role":"user","content":[${cached(KEY_TERMS)}]},
                {"role":"assistant","content":[{"type":"text","text":"Certainly!"}]},
                {"role":"user","content":[${cached(KEY_TERMS)}]}]""",
            )
        }
        test("a large context in the instructions") {
            val law = "You are an AI assistant tasked with analyzing legal documents."
            val text = "Here is the full text of a complex legal agreement"
            val sent = sent(
                SONNET,
                """{"messages":[{"role":"system","content":[{"type":"text","text":"$law"},${cached(text)}]},
                {"role":"user","content":"what are the key terms and conditions in this agreement?"}]}""",
            )
            sent.tree["system"] shouldBe parse("""[{"type":"text","text":"$law"},${cached(text)}]""")
            sent.warnings.shouldBeEmpty()
        }
        test("on a system message as a whole") {
            sent(
                SONNET,
                """{"messages":[{"role":"system","content":"Law.","cache_control":{"type":"ephemeral","ttl":"1h"}},
                {"role":"user","content":"Hi"}]}""",
            ).tree["system"] shouldBe
                parse("""[{"type":"text","text":"Law.","cache_control":{"type":"ephemeral","ttl":"1h"}}]""")
        }
        for ((where, tool) in listOf(
            "inside the function" to WEATHER.dropLast(2) + ""","cache_control":{"type":"ephemeral"}}}""",
            "beside the function" to WEATHER.dropLast(1) + ""","cache_control":{"type":"ephemeral"}}""",
        )) {
            test("tool definitions, $where") {
                val target = target(SONNET, """{"tools":[$tool]}""")
                target.body()["tools"] shouldBe parse("[${weather(""","cache_control":{"type":"ephemeral"}""")}]")
                target.request.tools?.single()?.cacheBreakpoint shouldBe CacheBreakpoint(null)
                target.encode().warnings.shouldBeEmpty()
                // Nobody else sees Anthropic's field.
                val elsewhere = target("openai/gpt-4o", """{"tools":[$tool]}""").encode()
                elsewhere.tree["tools"] shouldBe parse("[$WEATHER]")
                elsewhere.warnings.map { it.parameter } shouldBe listOf("tools[0].cache_breakpoint")
            }
        }
        test("a conversation of several turns") {
            val long = "Here is the full text of a complex legal agreement".repeat(400)
            val certainly = "Certainly! the key terms and conditions are the following: the contract is 1 year long for \$10/mo"
            val sent = sent(
                SONNET,
                """{"messages":[{"role":"system","content":[${cached(long)}]},
                {"role":"user","content":[${cached(KEY_TERMS)}]},{"role":"assistant","content":"$certainly"},
                {"role":"user","content":[${cached(KEY_TERMS)}]}]}""",
            )
            sent.tree["system"] shouldBe parse("[${cached(long)}]")
            sent.messages shouldBe parse(
                """[{"role":"user","content":[${cached(KEY_TERMS)}]},
                {"role":"assistant","content":[{"type":"text","text":"$certainly"}]},
                {"role":"user","content":[${cached(KEY_TERMS)}]}]""",
            )
        }
        test("what was read and written is told apart") {
            val usage = target(SONNET).answered(
                """{"id":"m","content":[{"type":"text","text":"a"}],"stop_reason":"end_turn","usage":{"input_tokens":4,
                "cache_read_input_tokens":1800,"cache_creation_input_tokens":200,"output_tokens":5}}""",
            ).usage
            usage?.cacheReadTokens shouldBe 1800
            usage?.cacheWriteTokens shouldBe 200
            usage?.uncachedInputTokens shouldBe 4
        }
    }

    context("tools") {
        test("a function, and the choice among tools") {
            val target = target(OPUS, """{"tools":[$WEATHER],"tool_choice":"auto"}""")
            target.body()["tools"] shouldBe parse("[${weather()}]")
            target.body()["tool_choice"] shouldBe parse("""{"type":"auto"}""")
            val call = target.answered(CALLS).toolCalls.first().function
            call.name shouldBe "get_current_weather"
            call.rawArguments shouldBe """{"location":"Boston, MA"}"""
        }
        for ((asked, written) in listOf(
            """{"type":"tool","name":"get_weather"}""" to """{"type":"tool","name":"get_weather"}""",
            """{"type":"function","function":{"name":"get_weather"}}""" to """{"type":"tool","name":"get_weather"}""",
            """{"type":"any"}""" to """{"type":"any"}""",
            """"required"""" to """{"type":"any"}""",
            """"none"""" to """{"type":"none"}""",
        )) {
            test("the choice $asked") {
                val tools = """[{"type":"function","function":{"name":"get_weather"}}]"""
                sent(OPUS, """{"tools":$tools,"tool_choice":$asked}""").tree["tool_choice"] shouldBe parse(written)
            }
        }
        test("parallel calls and their results, fed back as they came and in OpenAI's shape") {
            val question = """{"role":"user","content":"What's the weather like in Boston today in Fahrenheit?"}"""
            val first = target(OPUS, """{"messages":[$question],"tools":[$WEATHER],"tool_choice":"auto"}""")
            val answer = first.answered(CALLS)
            answer.finishReason shouldBe FinishReason.TOOL_CALLS
            val own = parse(serializeConversation(listOf(answer.message))).jsonArray.single()
            val theirs = parse(
                """{"role":"assistant","content":"I look.","function_call":null,"tool_calls":[
                {"index":0,"id":"toolu_1","type":"function","function":{"name":"get_current_weather",
                 "arguments":"{\"location\":\"Boston, MA\"}"}},
                {"index":1,"id":"toolu_2","type":"function","function":{"name":"get_current_weather",
                 "arguments":"{\"location\":\"Rome\"}"}}]}""",
            )
            for (message in listOf(own, theirs)) {
                val results = listOf("toolu_1", "toolu_2").joinToString(",") {
                    """{"tool_call_id":"$it","role":"tool","name":"get_current_weather",
                    "content":"{\"temperature\":\"72\",\"unit\":\"fahrenheit\"}"}"""
                }
                val second =
                    sent(OPUS, """{"messages":[$question,$message,$results],"tools":[$WEATHER],"tool_choice":"auto"}""")
                val result = """"content":"{\"temperature\":\"72\",\"unit\":\"fahrenheit\"}"}"""
                second.messages.drop(1) shouldBe parse(
                    """[{"role":"assistant","content":[{"type":"text","text":"I look."},
                    {"type":"tool_use","id":"toolu_1","name":"get_current_weather","input":{"location":"Boston, MA"}},
                    {"type":"tool_use","id":"toolu_2","name":"get_current_weather","input":{"location":"Rome"}}]},
                    {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1",$result,
                    {"type":"tool_result","tool_use_id":"toolu_2",$result]}]""",
                ).jsonArray
                second.warnings.shouldBeEmpty()
            }
        }
        test("no parallel calls") {
            sent(OPUS, """{"tools":[$WEATHER],"parallel_tool_calls":false}""").tree["tool_choice"] shouldBe
                parse("""{"type":"auto","disable_parallel_tool_use":true}""")
        }
        test("a computer in the wrapping of a function, with its screen and its beta") {
            val sent = sent(
                "claude-3-5-sonnet-20241022",
                """{"messages":[{"role":"user","content":"Save a picture of a cat to my desktop."}],
                "tools":[{"type":"computer_20241022","function":{"name":"computer","parameters":{
                "display_height_px":100,"display_width_px":100,"display_number":1}}}]}""",
            )
            sent.tree["tools"] shouldBe parse(
                """[{"type":"computer_20241022","name":"computer","display_height_px":100,"display_width_px":100,
                "display_number":1}]""",
            )
            sent.headers["anthropic-beta"] shouldBe "computer-use-2024-10-22"
        }
        test("the beta of a computer in the caller's own headers is sent once") {
            sent(
                "claude-3-5-sonnet-20241022",
                """{"tools":[{"type":"computer_20241022","display_height_px":1,"display_width_px":1}],
                "headers":{"anthropic-beta":"computer-use-2024-10-22"}}""",
            ).headers["anthropic-beta"] shouldBe "computer-use-2024-10-22"
        }
        for ((type, name, beta) in listOf(
            Triple("computer_20250124", "computer", "computer-use-2025-01-24"),
            Triple("computer_20270131", "computer", "computer-use-2027-01-31"),
            Triple("bash_20241022", "bash", "computer-use-2024-10-22"),
            Triple("bash_20250124", "bash", null),
            Triple("text_editor_20241022", "str_replace_editor", "computer-use-2024-10-22"),
            Triple("text_editor_20250728", "str_replace_based_edit_tool", null),
            Triple("web_search_20250305", "web_search", null),
            Triple("web_fetch_20250910", "web_fetch", "web-fetch-2025-09-10"),
            Triple("code_execution_20250522", "code_execution", "code-execution-2025-05-22"),
            Triple("memory_20250818", "memory", "context-management-2025-06-27"),
        )) {
            test("$type is called $name, and needs ${beta ?: "no beta"}") {
                val sent = sent("claude-sonnet-4-5", """{"tools":[{"type":"$type"}]}""")
                sent.tree["tools"] shouldBe parse("""[{"type":"$type","name":"$name"}]""")
                sent.headers["anthropic-beta"] shouldBe beta
            }
        }
    }

    context("images") {
        val jpeg = Base64.getEncoder().encodeToString(byteArrayOf(-1, -40, -1, -32, 0, 16))
        for ((how, part, source) in listOf(
            Triple(
                "as a data URL",
                """{"url":"data:image/jpeg;base64,$jpeg"}""",
                """{"type":"base64","media_type":"image/jpeg","data":"$jpeg"}""",
            ),
            Triple(
                "by address",
                """{"url":"https://images.example/a.jpg"}""",
                """{"type":"url","url":"https://images.example/a.jpg"}""",
            ),
            Triple(
                "with a format that outranks what the data URL says",
                """{"url":"data:application/octet-stream;base64,AAAA","format":"image/webp"}""",
                """{"type":"base64","media_type":"image/webp","data":"AAAA"}""",
            ),
        )) {
            test(how) {
                val sent = sent(
                    OPUS,
                    """{"messages":[{"role":"user","content":[{"type":"text","text":"Whats in this image?"},
                    {"type":"image_url","image_url":$part}]}]}""",
                )
                sent.block(0) shouldBe parse("""{"type":"text","text":"Whats in this image?"}""")
                sent.block(1) shouldBe parse("""{"type":"image","source":$source}""")
            }
        }
    }

    context("PDF") {
        val url = "data:application/pdf;base64,${pdf()}"
        for ((how, part, block) in listOf(
            Triple("as an image", """{"type":"image_url","image_url":"$url"}""", pdfBlock()),
            Triple("as an image object", """{"type":"image_url","image_url":{"url":"$url"}}""", pdfBlock()),
            Triple(
                "as an image by address",
                """{"type":"image_url","image_url":{"url":"https://a.example/b.pdf","format":"application/pdf"}}""",
                """{"type":"document","source":{"type":"url","url":"https://a.example/b.pdf"}}""",
            ),
            Triple(
                "as an image with a breakpoint",
                """{"type":"image_url","image_url":"$url","cache_control":{"type":"ephemeral"}}""",
                pdfBlock(""","cache_control":{"type":"ephemeral"}"""),
            ),
            Triple(
                "as a file",
                """{"type":"file","file":{"filename":"a.pdf","file_data":"$url"}}""",
                pdfBlock(""","title":"a.pdf""""),
            ),
            Triple(
                "as a file with its format beside",
                """{"type":"file","file":{"file_data":"${pdf()}","format":"application/pdf"}}""",
                pdfBlock(),
            ),
            Triple(
                "as a file by address",
                """{"type":"file","file":{"file_id":"f_1","format":"application/pdf"}}""",
                """{"type":"document","source":{"type":"file","file_id":"f_1"}}""",
            ),
            Triple(
                "as a document",
                """{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"${pdf()}"}}""",
                pdfBlock(),
            ),
            Triple(
                "as a file that is an image",
                """{"type":"file","file":{"file_id":"f_1","format":"image/png"}}""",
                """{"type":"image","source":{"type":"file","file_id":"f_1"}}""",
            ),
            Triple(
                "as a file that only code can read",
                """{"type":"file","file":{"file_id":"f_1","format":"text/csv"}}""",
                """{"type":"container_upload","file_id":"f_1"}""",
            ),
        )) {
            test(how) {
                val sent = sent(
                    "anthropic/claude-3-5-haiku-20241022",
                    """{"messages":[{"role":"user","content":[{"type":"text","text":"Please summarize."},$part]}],
                    "max_tokens":300}""",
                )
                sent.block(1) shouldBe parse(block)
                sent.tree["max_tokens"] shouldBe JsonPrimitive(300)
                sent.warnings.shouldBeEmpty()
            }
        }
    }

    context("other parameters") {
        test("extra headers are joined with the betas of tools") {
            val headers = sent(
                SONNET,
                """{"extra_headers":{"anthropic-beta":"max-tokens-3-5-sonnet-2024-07-15","x-trace":"1"},
                "tools":[{"type":"web_fetch_20250910"}]}""",
            ).headers
            headers.all("anthropic-beta") shouldBe listOf("max-tokens-3-5-sonnet-2024-07-15,web-fetch-2025-09-10")
            headers["x-trace"] shouldBe "1"
        }
        test("user is metadata.user_id") {
            val body = target(SONNET, """{"user":"user_123"}""").body()
            body["metadata"] shouldBe parse("""{"user_id":"user_123"}""")
            body shouldNotContainKey "user"
        }
        test("stop, temperature and top_p") {
            val body = target(OPUS, """{"stop":"END","temperature":0,"top_p":0.9}""").body()
            body["stop_sequences"] shouldBe parse("""["END"]""")
            body["temperature"] shouldBe JsonPrimitive(0)
            body["top_p"] shouldBe JsonPrimitive(0.9)
        }
        test("max_completion_tokens") {
            target(SONNET, """{"max_completion_tokens":77}""").body()["max_tokens"] shouldBe JsonPrimitive(77)
        }
        test("response_format: JSON without a schema is an instruction") {
            val sent = sent(SONNET, """{"response_format":{"type":"json_object"}}""")
            sent.tree["system"].toString() shouldContain "JSON object"
            sent.warnings.map { it.parameter } shouldContain "response_format"
        }
        test("response_format: a schema is a tool where the model has no other way, and its input is the answer") {
            val schema = """{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}"""
            val format = """{"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":$schema}}}"""
            val target = target(SONNET, format)
            val tool = target.body()["tools"]?.jsonArray?.single()?.jsonObject
            tool?.get("input_schema") shouldBe parse(schema)
            target.body()["tool_choice"]?.jsonObject?.get("name") shouldBe tool?.get("name")
            val answer = target.answered(
                """{"id":"m","content":[{"type":"tool_use","id":"t","name":${tool?.get("name")},"input":{"a":1}}],
                "stop_reason":"tool_use"}""",
            )
            answer.content shouldBe """{"a":1}"""
            answer.finishReason shouldBe FinishReason.STOP
            target("claude-sonnet-4-5", format).body()["output_config"]?.jsonObject?.keys shouldBe setOf("format")
        }
    }

    context("the beginning of the answer, and the prompt of Claude 2") {
        val asked = """How do you say 'Hello' in German? Return your answer as a JSON object, like this:

{ "Hello": "Hallo" }"""
        val prefilled = """[{"role":"user","content":${JsonPrimitive(asked)}},{"role":"assistant","content":"{"}]"""
        val instructed = """[{"role":"system","content":"You are a snarky assistant."},
            {"role":"user","content":"How do I boil water?"}]"""

        test("is the last message of those that go out") {
            val sent = sent("claude-2.1", """{"messages":$prefilled}""")
            sent.messages.last() shouldBe parse("""{"role":"assistant","content":[{"type":"text","text":"{"}]}""")
            sent.warnings.shouldBeEmpty()
        }
        for (model in listOf("claude-sonnet-4-6", "claude-opus-5", "claude-haiku-6")) {
            test("is an error for $model, which takes none") {
                shouldThrow<InvalidRequestException> { sent(model, """{"messages":$prefilled}""") }.message shouldContain
                    "does not accept the beginning of an answer"
            }
        }
        test("the prompt with the beginning of the answer") {
            ClaudePrompt.render(deserializeConversation(prefilled)) shouldBe "\n\nHuman: $asked\n\nAssistant: {"
        }
        test("instructions go to the model apart") {
            sent("claude-2.1", """{"messages":$instructed}""").tree["system"] shouldBe
                parse("""[{"type":"text","text":"You are a snarky assistant."}]""")
        }
        test("the prompt with instructions") {
            ClaudePrompt.render(deserializeConversation(instructed)) shouldBe
                "You are a snarky assistant.\n\nHuman: How do I boil water?\n\nAssistant:"
        }
    }
})
