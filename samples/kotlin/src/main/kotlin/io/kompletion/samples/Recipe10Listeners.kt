package io.kompletion.samples

import io.kompletion.Kompletion
import io.kompletion.listen.CallEvent
import io.kompletion.listen.CallListener
import io.kompletion.testkit.FakeProviders
import io.kompletion.testkit.FakeReply
import java.time.Duration

// region listener
/** Prints what happens; quick, because it runs on the thread of the call. */
class PrintingListener : CallListener {
    override fun onEvent(event: CallEvent) {
        when (event) {
            is CallEvent.Started -> println("started ${event.provider}/${event.model}")

            is CallEvent.AttemptStarted -> println("try ${event.number}")

            is CallEvent.AttemptFailed -> println(
                "failed with ${event.attempt.status}, again: ${event.retryIn != null}",
            )

            is CallEvent.FirstChunk -> println("first chunk")

            is CallEvent.Succeeded -> println("done after ${event.response.attempts.size} tries")

            is CallEvent.Failed -> println("gave up: ${event.exception.message}")

            is CallEvent.Cancelled -> println("the caller left")

            is CallEvent.Finished -> println("for the bill: ${event.usage.outcome}")

            else -> Unit // of limits, budgets, the cache …
        }
    }
}
// endregion

/** 10: to be told what happens to calls. */
suspend fun main() {
    FakeProviders.start().use { fakes ->
        val openAi = fakes.openAi().enqueue(FakeReply.error(500), FakeReply.text("Hello"))
        // region register
        val client = Kompletion {
            provider("openai") { apiKey("sk-any").baseUrl(openAi.baseUrl) }
            retry { retryDelay = Duration.ofMillis(10) }
            listener(PrintingListener())
        }
        // endregion
        client.use { llm -> llm.chatStream(MODEL) { user("Hi") }.collect { } }
    }
}
