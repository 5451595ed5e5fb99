package io.kompletion.samples

import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.openai.FakeOpenAi
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith

class MainTest : FunSpec({
    suspend fun run(vararg args: String, environment: Map<String, String> = emptyMap()): Pair<Int, String> {
        var code = -1
        val text = printed { code = runSample(args.toList(), environment) }
        return code to text
    }

    test("without a key it talks to the fake and shows text, tool call, structured answer and figures") {
        val (code, text) = run()

        code shouldBe 0
        text shouldStartWith "[Kotlin] A FAKE of OpenAI on this machine"
        text shouldContain "model          Let me look that up.\n"
        text shouldContain "tool call      get_weather({\"city\":\"Lisbon\"})\n"
        text shouldContain "tool result    {\"city\": \"Lisbon\", \"sky\": \"clear\", \"celsius\": 21}\n"
        text shouldContain "model          In Lisbon the sky is clear, and it is 21 °C.\n"
        text shouldContain "as an object   Report(city=Lisbon, sky=clear, celsius=21)\n"
        text shouldContain Regex("usage          \\d+ tokens in, \\d+ out\n")
        text shouldContain "finish reason  tool_calls, stop, stop\n"
        text shouldContain Regex("first chunk    \\d+ ms, \\d+ ms, \\d+ ms\n")
        text shouldContain "answered by    openai/gpt-5-mini"
    }

    test("a key in the environment makes it real, and --fake outweighs that") {
        FakeOpenAi.start().use { server ->
            server.requireApiKey("sk-real").respondWith(FakeReply.structured(REPORT))
            val environment = mapOf("OPENAI_API_KEY" to "sk-real", "OPENAI_BASE_URL" to server.baseUrl)

            run(environment = environment).second shouldStartWith "[Kotlin] The REAL model openai/gpt-5-mini;"
            server.requests.size shouldBe 2
            run("--fake", environment = environment).second shouldStartWith "[Kotlin] A FAKE"
            server.requests.size shouldBe 2
        }
    }

    test("--model and --base-url reach a server of one's own") {
        FakeOpenAi.start().use { server ->
            server.respondWith(FakeReply.structured(REPORT))
            val (code, text) = run(
                "--model",
                "local/llama",
                "--base-url",
                server.baseUrl,
                environment = mapOf("LOCAL_API_KEY" to "any"),
            )

            text shouldContain "answered by    local/llama"
            code shouldBe 0
        }
    }

    test("a failure is its message and exit code 1, without a stack trace") {
        val (code, text) = run("--model", "openai/gpt-5-mini")

        code shouldBe 1
        text shouldContain "No API key for openai: set OPENAI_API_KEY or pass apiKey"
        text shouldNotContain "\tat "
    }

    test("arguments that make no sense are exit code 2 and say what is wrong") {
        run("--modle", "x") shouldBe (2 to "unknown argument \"--modle\"; --help tells what there is")
        run("--model") shouldBe (2 to "--model needs a value; --help tells what there is")
        run("--base-url", "http://localhost/v1").second shouldContain "--base-url needs --model provider/model"
        run("--fake", "--model", "a/b", "--base-url", "http://h/v1").second shouldContain "exclude each other"
    }

    test("--help tells every argument") {
        val (code, text) = run("--help")

        code shouldBe 0
        for (flag in listOf("--model", "--base-url", "--fake", "--help")) text shouldContain flag
    }
})

private const val REPORT = """{"city":"Lisbon","sky":"clear","celsius":21}"""
