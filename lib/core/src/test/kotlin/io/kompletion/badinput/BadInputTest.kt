package io.kompletion.badinput

import io.kompletion.Kompletion
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.deserializeConversation
import io.kompletion.chat.serializeConversation
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.flow.last

/** Every mistake of the table, whole and streamed, by the builder and through JSON. */
class BadInputTest : FunSpec({
    for (row in badInputs) {
        test(row.name) {
            check(row, row.request, streamed = false)
            check(row, row.request, streamed = true)
            if (row.asJson) {
                withClue("through JSON") {
                    check(row, { ChatCompletionRequest.fromJson(row.request().toJson()) }, streamed = false)
                }
                withClue("through a stored conversation") { check(row, { restored(row.request()) }, streamed = false) }
            }
        }
    }

    test("a closed client refuses every call") {
        val transport = CountingTransport()
        val llm = client(badInputs.first(), transport)
        llm.close()
        val request = chat { user("Hi") }()
        for (streamed in listOf(false, true)) {
            shouldThrow<IllegalStateException> { answer(llm, request, streamed) }.message shouldBe "the client is closed"
        }
        transport.requests.size shouldBe 0
    }

    test("the table") {
        val refusals = badInputs.count { it.expected is Refusal }
        println("bad input: ${badInputs.size} rows, $refusals refused with 0 requests, ${badInputs.size - refusals} sent with a warning")
        for (row in laterRows) println("bad input: ${row.name}: joins with ${row.joinsWith}")
    }
})

private fun restored(request: ChatCompletionRequest): ChatCompletionRequest {
    val messages = deserializeConversation(serializeConversation(request.messages))
    return request.toBuilder().also { it.messages.clear() }.messages(messages).build()
}

private suspend fun check(row: BadInput, request: () -> ChatCompletionRequest, streamed: Boolean) {
    val transport = CountingTransport()
    val outcome = Outcome.of { client(row, transport).use { answer(it, request(), streamed) } }
    outcome.shouldFit(row, transport)
}

private suspend fun answer(llm: Kompletion, request: ChatCompletionRequest, streamed: Boolean): ChatCompletionResponse =
    if (streamed) (llm.chatStream(request).last() as FinalResponseChunk).response else llm.chat(request)
