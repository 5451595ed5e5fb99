package io.kompletion.samples

import io.kompletion.Kompletion
import io.kompletion.chat.RetryConfiguration
import io.kompletion.error.AllAttemptsFailedException
import io.kompletion.error.AuthenticationException
import io.kompletion.error.KompletionException
import io.kompletion.error.RateLimitedException
import io.kompletion.error.StreamInterruptedException
import io.kompletion.error.UnsupportedParameterException
import io.kompletion.testkit.FakeProviders
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.openai.FakeOpenAi
import java.time.Duration

// region errors
suspend fun explain(llm: Kompletion) {
    try {
        println(llm.chat(MODEL) { user("Hello") }.content)
    } catch (e: RateLimitedException) {
        println("slow down, try again in ${e.retryAfter?.seconds} s")
    } catch (e: AuthenticationException) {
        println("check the key of ${e.provider}")
    } catch (e: KompletionException) { // the root of all of them
        println("${e.javaClass.simpleName}: ${e.message} (request ${e.requestId})")
    }
}
// endregion

// region retries
suspend fun patient(llm: Kompletion) {
    val answer = llm.chat(MODEL) {
        user("Hello")
        retry = RetryConfiguration.builder().maxRetries(2).retryDelay(Duration.ofMillis(10)).build()
    }
    for (attempt in answer.attempts) println("${attempt.status} ${attempt.error ?: "answered"}")
}
// endregion

// region fallbacks
suspend fun fallBack(llm: Kompletion) {
    val answer = llm.chat(MODEL) {
        user("Hello")
        retry = RetryConfiguration.NONE
        fallback("backup/llama-3.3-70b")
    }
    println("${answer.provider} answered: ${answer.content}")
}
// endregion

// region all-failed
suspend fun allFail(llm: Kompletion) {
    try {
        fallBack(llm)
    } catch (e: AllAttemptsFailedException) {
        for (failure in e.failures) println("${failure.provider}: ${failure.javaClass.simpleName}")
    }
}
// endregion

// region drop-params
suspend fun insist(llm: Kompletion) {
    try {
        llm.chat(MODEL) {
            user("Hello")
            topK = 40
            dropParams = false
        }
    } catch (e: UnsupportedParameterException) {
        println(e.message) // openai does not take: top_k …
    }
}
// endregion

// region partial
suspend fun keepWhatCame(llm: Kompletion) {
    try {
        llm.chatStream(MODEL) { user("Count to five.") }.collect { }
    } catch (e: StreamInterruptedException) {
        println("broke off after: ${e.partial?.content}")
    }
}
// endregion

/** 05: what goes wrong, what is repeated, what falls back. */
suspend fun main() {
    FakeProviders.start().use { fakes ->
        FakeOpenAi.start().use { backup ->
            val openAi = fakes.openAi()
            val client = Kompletion {
                provider("openai") { apiKey("sk-any").baseUrl(openAi.baseUrl) }
                provider("backup") { apiKey("any").baseUrl(backup.baseUrl) }
            }
            client.use { llm -> allRecipes(llm, openAi, backup) }
        }
    }
}

private suspend fun allRecipes(llm: Kompletion, openAi: FakeOpenAi, backup: FakeOpenAi) {
    openAi.enqueue(FakeReply.error(429).header("retry-after", "90"))
    explain(llm)
    openAi.enqueue(FakeReply.error(401))
    explain(llm)
    openAi.enqueue(FakeReply.error(404, "The model does not exist."))
    explain(llm)

    openAi.enqueue(FakeReply.error(503), FakeReply.error(500), FakeReply.text("Hello!"))
    patient(llm)

    openAi.enqueue(FakeReply.error(503))
    backup.enqueue(FakeReply.text("Hello from the second one."))
    fallBack(llm)

    openAi.enqueue(FakeReply.error(401))
    backup.enqueue(FakeReply.error(503))
    allFail(llm)

    insist(llm)

    openAi.enqueue(FakeReply.text("One two three four five.").cutAfter(3))
    keepWhatCame(llm)
}
