package io.kompletion.testkit.openai

import io.kompletion.testkit.FakeProviders
import io.kompletion.testkit.chat
import io.kompletion.testkit.get
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.text
import io.kompletion.testkit.json
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

class FakeOpenAiValidationTest :
    FunSpec({
        val fakes = FakeProviders.start()
        val openAi = fakes.openAi()
        afterSpec { fakes.close() }

        val messages = """"messages":[{"role":"user","content":"Hi"}]"""
        val call = """{"id":"call_1","type":"function","function":{"name":"f","arguments":"{}"}}"""

        fun refused(body: String, message: String, param: String? = null, code: String? = null) {
            val before = openAi.requests.size
            val response = chat(openAi.baseUrl, body)
            response.statusCode() shouldBe 400
            val error = response.json().obj("error")
            error?.text("message").orEmpty() shouldContain message
            error?.text("type") shouldBe "invalid_request_error"
            error?.text("param") shouldBe param
            error?.text("code") shouldBe code
            openAi.requests.size shouldBe before
        }

        test("wants a stream for models that answer in streams alone, and for no others") {
            openAi.requireStream("qwq-plus")
            refused("""{"model":"qwq-plus",$messages}""", "only support stream mode", code = "invalid_parameter_error")
            chat(openAi.baseUrl, """{"model":"qwq-plus","stream":true,$messages}""").statusCode() shouldBe 200
            chat(openAi.baseUrl, """{"model":"qwen-plus",$messages}""").statusCode() shouldBe 200
        }

        test("knows no other path and no other method") {
            val response = chat(openAi.server.url + "/v2", "{}")
            response.statusCode() shouldBe 404
            response.json().obj("error")?.text("message") shouldBe "Invalid URL (POST /v2/chat/completions)"
            get(openAi.baseUrl + "/chat/completions").statusCode() shouldBe 404
        }

        test("wants a key, and the right one where one was set") {
            val missing = chat(openAi.baseUrl, "{$messages}", key = null)
            missing.statusCode() shouldBe 401
            missing.json().obj("error")?.text("code") shouldBe "invalid_api_key"
            FakeOpenAi.start().use { strict ->
                strict.requireApiKey("sk-right")
                val wrong = chat(strict.baseUrl, """{"model":"m",$messages}""", key = "sk-wrong-and-secret")
                wrong.statusCode() shouldBe 401
                wrong.body() shouldNotContain "secret"
                chat(strict.baseUrl, """{"model":"m",$messages}""", key = "sk-right").statusCode() shouldBe 200
            }
        }

        test("wants a JSON object") {
            for (body in listOf("", "{\"model\":", "[1]", "hello")) refused(body, "could not parse the JSON body")
        }

        test("wants a model and messages") {
            refused("{$messages}", "you must provide a model parameter")
            refused("""{"model":"m"}""", "Missing required parameter", "messages", "missing_required_parameter")
            refused("""{"model":"m","messages":[]}""", "empty array", "messages", "empty_array")
            refused("""{"model":"m","messages":["Hi"]}""", "Invalid type", "messages[0]", "invalid_type")
            refused("""{"model":"m","messages":[{"role":"bot"}]}""", "'bot'", "messages[0].role", "invalid_value")
        }

        test("takes stream options with a stream only") {
            val options = """"stream_options":{"include_usage":true}"""
            refused("""{"model":"m",$messages,$options}""", "only allowed when 'stream' is enabled", "stream_options")
            refused("""{"model":"m",$messages,"stream":false,$options}""", "only allowed when", "stream_options")
            chat(openAi.baseUrl, """{"model":"m",$messages,"stream":true,$options}""").statusCode() shouldBe 200
            chat(openAi.baseUrl, """{"model":"m",$messages,"stream_options":null}""").statusCode() shouldBe 200
        }

        test("takes options of tools with tools only, and names of tools that OpenAI takes") {
            refused("""{"model":"m",$messages,"tool_choice":"auto"}""", "when 'tools' are specified", "tool_choice")
            refused("""{"model":"m",$messages,"parallel_tool_calls":true}""", "when 'tools'", "parallel_tool_calls")
            refused(
                """{"model":"m",$messages,"tools":[{"type":"function","function":{"name":"get weather"}}]}""",
                "does not match pattern",
                "tools[0].function.name",
                "invalid_value",
            )
        }

        test("takes one limit of tokens only, and a schema with its name") {
            refused(
                """{"model":"m",$messages,"max_tokens":1,"max_completion_tokens":1}""",
                "at the same time",
                "max_tokens",
                "invalid_parameter_combination",
            )
            refused(
                """{"model":"m",$messages,"response_format":{"type":"json_schema","json_schema":{"schema":{}}}}""",
                "Missing required parameter",
                "response_format.json_schema.name",
                "missing_required_parameter",
            )
        }

        test("wants every tool result to follow its call and every call to have its result") {
            val user = """{"role":"user","content":"Hi"}"""
            val assistant = """{"role":"assistant","content":null,"tool_calls":[$call]}"""
            val result = """{"role":"tool","tool_call_id":"call_1","content":"1"}"""
            val stray = "must be a response to a preceeding message"
            refused("""{"model":"m","messages":[$user,$result]}""", stray, "messages.[1].role")
            refused("""{"model":"m","messages":[$user,$assistant,$result,$result]}""", stray, "messages.[3].role")
            refused("""{"model":"m","messages":[$user,$assistant,$user]}""", "call_1", "messages.[2].role")
            refused("""{"model":"m","messages":[$user,$assistant]}""", "call_1", "messages.[2].role")
            chat(openAi.baseUrl, """{"model":"m","messages":[$user,$assistant,$result]}""").statusCode() shouldBe 200
        }

        test("logs a valid request with its body as a tree and as it came") {
            val body = """{"model":"m", $messages}"""
            chat(openAi.baseUrl, body)
            openAi.lastRequest.bodyText shouldBe body
            openAi.lastRequest.body shouldBe json(body)
            openAi.lastRequest.model shouldBe "m"
            openAi.lastRequest.http.header("authorization") shouldBe "Bearer sk-test"
        }
    })
