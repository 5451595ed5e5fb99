package io.kompletion.providers.anthropic

import io.kompletion.error.InvalidRequestException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.maps.shouldNotContainKey
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.JsonPrimitive

private fun thinking(model: String, thinking: String, limit: Int? = null, effort: String? = null) = encode(model) {
    user("Hi")
    providerOptions("anthropic", """{"thinking":$thinking}""")
    maxTokens = limit
    reasoningEffort = effort
}

private fun effort(model: String, effort: String?, limit: Int? = null) = encode(model) {
    user("Hi")
    reasoningEffort = effort
    maxTokens = limit
}

class AnthropicThinkingTest : FunSpec({
    test("is off unless asked for, and told to be off where it is on by itself") {
        for (model in listOf("claude-haiku-4-5", "claude-opus-4-8", "claude-3-haiku", "other")) {
            effort(model, null).json shouldNotContainKey "thinking"
            effort(model, "none").json shouldNotContainKey "thinking"
        }
        effort("claude-sonnet-5", null).json["thinking"] shouldBe parse("""{"type":"disabled"}""")
        effort("claude-sonnet-5", "none").json["thinking"] shouldBe parse("""{"type":"disabled"}""")
    }

    test("of Anthropic's own form goes as it is, and the limit leaves room for the answer") {
        val sent = thinking("claude-haiku-4-5", """{"type":"enabled","budget_tokens":10000,"display":"omitted"}""")
        sent.json["thinking"] shouldBe parse("""{"type":"enabled","budget_tokens":10000,"display":"omitted"}""")
        sent.json["max_tokens"] shouldBe JsonPrimitive(14096)
        sent.warnings.shouldBeEmpty()
        thinking("claude-haiku-4-5", """{"type":"disabled"}""").json["thinking"] shouldBe parse("""{"type":"disabled"}""")
        thinking("claude-opus-4-6", """{"type":"adaptive"}""").json["thinking"] shouldBe parse("""{"type":"adaptive"}""")
    }

    context("what a model does not take is refused with its mend") {
        for ((name, call, said) in listOf(
            Triple(
                "a budget of too few tokens",
                { thinking("claude-haiku-4-5", """{"type":"enabled","budget_tokens":1000}""") },
                "at least 1024",
            ),
            Triple(
                "a budget that leaves no room",
                { thinking("claude-haiku-4-5", """{"type":"enabled","budget_tokens":8000}""", limit = 4096) },
                "budget_tokens 8000 must be less than max_tokens 4096",
            ),
            Triple(
                "no budget",
                { thinking("claude-haiku-4-5", """{"type":"enabled"}""") },
                "needs budget_tokens",
            ),
            Triple(
                "a budget where effort is wanted",
                { thinking("claude-opus-4-8", """{"type":"enabled","budget_tokens":8000}""") },
                "takes effort, not a budget",
            ),
            Triple(
                "adaptive thinking where there is none",
                { thinking("claude-sonnet-4-5", """{"type":"adaptive"}""") },
                "no adaptive thinking",
            ),
            Triple(
                "high effort without thinking",
                { thinking("claude-opus-5", """{"type":"disabled"}""", effort = "max") },
                "only while it thinks",
            ),
            Triple(
                "thinking of a model that does not",
                { thinking("claude-3-5-sonnet-20241022", """{"type":"enabled","budget_tokens":2000}""") },
                "does not think",
            ),
        )) {
            test(name) { shouldThrow<InvalidRequestException> { call() }.message shouldContain said }
        }
    }

    context("effort becomes what the model knows") {
        for ((model, effort, written) in listOf(
            Triple("claude-opus-4-8", "xhigh", """{"thinking":{"type":"adaptive"},"output_config":{"effort":"xhigh"}}"""),
            Triple("claude-opus-4-6", "max", """{"thinking":{"type":"adaptive"},"output_config":{"effort":"max"}}"""),
            Triple("claude-sonnet-4-6", "high", """{"thinking":{"type":"adaptive"},"output_config":{"effort":"high"}}"""),
            Triple("claude-sonnet-5", "low", """{"thinking":{"type":"adaptive"},"output_config":{"effort":"low"}}"""),
            Triple("claude-mythos-5", "max", """{"thinking":{"type":"adaptive"},"output_config":{"effort":"max"}}"""),
            Triple(
                "claude-opus-4-5",
                "low",
                """{"thinking":{"type":"enabled","budget_tokens":2048},"output_config":{"effort":"low"}}""",
            ),
            Triple("claude-haiku-4-5", "medium", """{"thinking":{"type":"enabled","budget_tokens":8192}}"""),
            Triple("claude-3-7-sonnet-20250219", "minimal", """{"thinking":{"type":"enabled","budget_tokens":1024}}"""),
            Triple("claude-3-5-haiku-20241022", "high", "{}"),
        )) {
            test("$effort of $model") {
                effort(model, effort).json - listOf("model", "messages", "max_tokens") shouldBe parse(written)
            }
        }

        test("with a word where that is something else") {
            effort("claude-haiku-4-5", "high").told shouldContainExactly listOf("reasoning_effort mapped")
            effort("claude-opus-4-6", "xhigh").told shouldContainExactly listOf("reasoning_effort mapped")
            effort("claude-3-5-haiku-20241022", "high").told shouldContainExactly listOf("reasoning_effort dropped")
            effort("claude-opus-4-8", "high").warnings.shouldBeEmpty()
        }

        test("within the limit of the caller") {
            effort("claude-haiku-4-5", "high", limit = 3000).json["thinking"] shouldBe
                parse("""{"type":"enabled","budget_tokens":2999}""")
            val sent = effort("claude-haiku-4-5", "high", limit = 500)
            sent.json shouldNotContainKey "thinking"
            sent.told shouldContainExactly listOf("reasoning_effort dropped")
        }
    }

    test("leaves out the sampling that it forbids") {
        val sent = encode("claude-haiku-4-5") {
            user("Hi")
            providerOptions("anthropic", """{"thinking":{"type":"enabled","budget_tokens":2000}}""")
            temperature = 0.2
            topK = 4
        }
        sent.told shouldContainExactly listOf("temperature dropped", "top_k dropped")
    }

    test("refuses the beginning of an answer") {
        shouldThrow<InvalidRequestException> {
            encode("claude-haiku-4-5") {
                user("Hi")
                assistant("Dear")
                reasoningEffort = "low"
            }
        }.message shouldContain "end with a user message"
    }

    test("is left out when the tool calls that are answered were made without it") {
        fun sent(blocks: String) = encode("claude-haiku-4-5") {
            user("Hi")
            message(answered(blocks))
            toolResult("toolu_1", "ok")
            reasoningEffort = "low"
        }
        val call = """{"type":"tool_use","id":"toolu_1","name":"f","input":{}}"""
        val without = sent("[$call]")
        without.json shouldNotContainKey "thinking"
        without.told shouldContain "thinking dropped"
        sent("""[{"type":"thinking","thinking":"hm","signature":"s"},$call]""").json["thinking"] shouldBe
            parse("""{"type":"enabled","budget_tokens":2048}""")
    }

    test("keeps what else the caller configures of the output") {
        val sent = encode("claude-opus-4-8") {
            user("Hi")
            reasoningEffort = "low"
            providerOptions("anthropic", """{"output_config":{"task_budget":{"type":"tokens","total":9}}}""")
        }
        sent.json["output_config"] shouldBe parse("""{"effort":"low","task_budget":{"type":"tokens","total":9}}""")
    }
})
