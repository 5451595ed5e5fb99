package io.kompletion.samples

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldNotBeEmpty
import io.kotest.matchers.shouldBe
import java.io.File

/** Runs every recipe as a user would, by its `main`, and reads what it prints. */
class RecipesTest : FunSpec({
    for ((recipe, expected) in OUTPUTS) {
        test("$recipe prints what it promises") {
            val main = Class.forName("io.kompletion.samples.${recipe}Kt").getMethod("main", Array<String>::class.java)
            val text = printed { main.invoke(null, emptyArray<String>()) }
            text.replace(MEASURED, "N") shouldBe expected.trimIndent()
        }
    }

    test("every recipe has a test") {
        names("src/main/kotlin", "kt").shouldNotBeEmpty() shouldBe OUTPUTS.keys.toList()
    }

    test("Kotlin and Java have the same recipes under the same numbers") {
        names("../java/src/main/java", "java") shouldBe OUTPUTS.keys.toList()
    }
})

private fun names(sources: String, extension: String): List<String> = File(sources, "io/kompletion/samples").listFiles { file -> file.name.matches(Regex("Recipe.*\\.$extension")) }
    .orEmpty().map { it.nameWithoutExtension }.sorted()

/** Figures that differ from run to run. */
private val MEASURED = Regex("(?<=first sentence after |whole answer )\\d+(?= ms)")

private val OUTPUTS = mapOf(
    "Recipe01FirstChat" to """
        A function that can pause and go on later.
        31 tokens, ended with stop
    """,
    "Recipe02Stream" to """
        One two three four five.
        5 tokens
        Five four three two one.
        choice 0: Red
        choice 1: Green
        choice 2: Blue
        says: Wait.
        tool_call_delta
        tool_call_delta
        tool_call_delta
        tool_call_delta
        calls: get_weather {"city":"Lisbon"}
        finish_reason
        usage
        ended: tool_calls
    """,
    "Recipe03Tools" to """
        get_weather({"city":"Lisbon"})
        get_weather says: {"city": "Lisbon", "sky": "clear", "celsius": 21}
    """,
    "Recipe04StructuredOutput" to """
        Lisbon, Portugal: 545000 people
        Porto
        the model refused: I cannot help with that.
    """,
    "Recipe05Errors" to """
        slow down, try again in 90 s
        check the key of openai
        NotFoundException: HTTP 404: The model does not exist. (request req_fake_3)
        503 OverloadedException
        500 ServerErrorException
        200 answered
        backup answered: Hello from the second one.
        openai: AuthenticationException
        backup: OverloadedException
        openai does not take: top_k (OpenAI has no such parameter). Remove them, or allow that they are left out with dropParams
        broke off after: One two three
    """,
    "Recipe06OwnServer" to """
        Hello from gpu-1.
        And once more.
        llama-3.3-70b, x-team: search
        llama-3.3-70b, x-team: search
    """,
    "Recipe07Conversations" to """
        Nice to meet you, Ada.
        Ada.
        [{"role":"user","content":"My name is Ada."},""" +
        """{"role":"assistant","content":"Nice to meet you, Ada.","provider":"openai","model":"gpt-5-mini"},""" +
        """{"role":"user","content":"What is my name?"},""" +
        """{"role":"assistant","content":"Ada.","provider":"openai","model":"gpt-5-mini"}]
    """,
    "Recipe08Cancellation" to """
        Once upon …
        no connection is open
        cancelled: true
        no connection is open
        TOTAL: the call took longer than its total time within 50 ms
        nothing in time
        no connection is open
    """,
    "Recipe09Testing" to """
        translated what gpt-4.1-mini was asked
        after 2 tries: One two
        Hello, server waits: true
        there, server waits: false
        HTTP 502: HTML page "Bad gateway"
    """,
    "Recipe10Listeners" to """
        started openai/gpt-5-mini
        try 1
        failed with 500, again: true
        try 2
        first chunk
        done after 2 tries
        for the bill: SUCCESS
    """,
    "Recipe11Transports" to """
        own OkHttp: You said: Hello
        Ktor CIO: You said: Hello
        past the proxy: You said: Hello
    """,
    "Recipe12Messages" to """
        A red dot.
        thought: A tool knows.
        said: Wait.
        called: get_weather
        {"model":"openai/gpt-5-mini","messages":[{"role":"user","content":[""" +
        """{"type":"text","text":"What is this?"},""" +
        """{"type":"image_url","image_url":{"url":"https://example.com/cat.png"}}]}],""" +
        """"retry":{"enabled":true,"max_retries":1},"extra_body":{"a_field_of_tomorrow":true}}
    """,
    "Recipe13Configuration" to """
        Started
        AttemptStarted
        Succeeded
        Finished
        You said: Hello
        org-1
    """,
    "Recipe14Costs" to """
        openai/gpt-5-mini $0.0017, of which $0.0002 for what was cached
        openai/gpt-5.6-luna $0.0058, of which $0.0008 for what was cached
        gpu-1/llama-3.3-70b $0.0006, of which $0.0004 for what was cached
        openai/unheard-of not known: no price of openai/unheard-of is known
        13 tokens, counted here
        true
        reads 200000 tokens, from litellm+models.dev
        reads images
        of tomorrow: like anthropic/claude-opus-5
    """,
    "Recipe15VoiceTurn" to """
        get_weather({"city":"Lisbon"})
        says: In Lisbon the sky is clear.
        says: It is 21 degrees warm.
        says: A good evening for a walk!
        openai 503, then anthropic 200
        openai 503, then anthropic 200
        first sentence after N ms (whole answer N ms)
    """,
    "Recipe16Policies" to """
        Your key is [key] and no other. [gpt-5-mini 503, gpt-4o-mini 200]
        You are welcome. [gpt-4o-mini 200]
        local.budget, the next day begins: true
        local.rate_limit, again within a minute: true
        gpt-5-mini: 1 of 1 failed, rests
        gpt-4o-mini: 0 of 2 failed, serves
    """,
)
