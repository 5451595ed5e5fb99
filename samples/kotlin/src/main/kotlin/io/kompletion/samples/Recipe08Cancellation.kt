package io.kompletion.samples

import io.kompletion.Kompletion
import io.kompletion.chat.AssistantMessageDeltaChunk
import io.kompletion.error.TimeoutException
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.openai.FakeOpenAi
import io.kompletion.testkit.server.Gate
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import java.time.Duration

// region take
suspend fun firstWords(llm: Kompletion) {
    llm.chatStream(MODEL) { user("Tell me a long story.") }
        .filterIsInstance<AssistantMessageDeltaChunk>()
        .take(2) // then the socket is closed
        .collect { print(it.content) }
    println("…")
}
// endregion

// region cancel
suspend fun cancelFromOutside(llm: Kompletion) = coroutineScope {
    val began = CompletableDeferred<Unit>()
    val job = launch {
        llm.chatStream(MODEL) { user("Tell me a long story.") }.collect { began.complete(Unit) }
    }
    began.await()
    job.cancel() // closes the socket, as every other end of the coroutine does
    job.join()
    println("cancelled: ${job.isCancelled}")
}
// endregion

// region timeouts
suspend fun limits(llm: Kompletion) {
    try {
        llm.chat(MODEL) {
            user("Think hard.")
            timeout = Duration.ofMillis(50) // this call, retries and fallbacks included
        }
    } catch (e: TimeoutException) {
        println("${e.kind}: ${e.message}")
    }
    val answer = withTimeoutOrNull(50) { llm.chat(MODEL) { user("Think hard.") } } // works as well
    println(answer?.content ?: "nothing in time")
}
// endregion

// region clocks
fun impatient(): Kompletion = Kompletion {
    timeouts {
        connect = Duration.ofSeconds(5)
        firstChunk = Duration.ofMinutes(5) // for models that think before they speak
        idle = Duration.ofSeconds(30)
        streamTotal = Duration.ofMinutes(10)
    }
}
// endregion

/** 08: to stop early, and to wait no longer than wanted. */
suspend fun main() = offline { llm, openAi ->
    openAi.enqueue(held())
    firstWords(llm)
    closed(openAi)
    openAi.enqueue(held())
    cancelFromOutside(llm)
    closed(openAi)
    openAi.enqueue(FakeReply.text("Late.").holdBeforeHead(Gate()), FakeReply.text("Late.").holdBeforeHead(Gate()))
    limits(llm)
    closed(openAi)
    impatient().close()
}

/** Two words, then silence. */
private fun held() = FakeReply.textDeltas("Once ", "upon ", "a time.").holdAfter(2, Gate())

private fun closed(openAi: FakeOpenAi) {
    openAi.server.awaitNoOpenConnections()
    println("no connection is open")
}
