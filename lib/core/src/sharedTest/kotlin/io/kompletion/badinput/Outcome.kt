package io.kompletion.badinput

import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.error.KompletionException
import io.kotest.assertions.withClue
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

/** What came of a mistake: an answer or a failure. */
internal class Outcome private constructor(
    private val answer: ChatCompletionResponse?,
    private val failure: Exception?,
) {
    fun shouldFit(row: BadInput, transport: CountingTransport) {
        when (val expected = row.expected) {
            is Refusal -> refused(expected, transport)
            is Remark -> remarked(expected, transport)
        }
    }

    private fun refused(expected: Refusal, transport: CountingTransport) {
        val failure = checkNotNull(failure) { "answered: ${answer?.warnings}" }
        withClue(failure) {
            failure.javaClass shouldBe expected.type
            for (word in expected.words) failure.message.orEmpty() shouldContain word
            for (word in expected.hidden) failure.stackTraceToString() shouldNotContain word
            (failure as? KompletionException)?.let {
                it.details.param shouldBe expected.param
                it.isRetryable shouldBe false
            }
        }
        transport.requests.map { it.url }.shouldBeEmpty()
    }

    private fun remarked(expected: Remark, transport: CountingTransport) {
        failure?.let { throw it }
        val warnings = checkNotNull(answer).warnings
        val found = warnings.filter { it.parameter == expected.parameter && it.kind == expected.kind }
        withClue(warnings) {
            found shouldHaveSize 1
            for (word in expected.words) found.single().message shouldContain word
        }
        transport.requests shouldHaveSize 1
    }

    companion object {
        inline fun of(call: () -> ChatCompletionResponse): Outcome = try {
            Outcome(call(), null)
        } catch (e: Exception) {
            Outcome(null, e)
        }
    }
}
