package io.kompletion.samples

import io.kompletion.Kompletion
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.FakeUsage

// region client
fun newClient(): Kompletion = Kompletion() // takes OPENAI_API_KEY from the environment when a call needs it
// endregion

// region first-chat
suspend fun firstChat(llm: Kompletion) {
    val answer = llm.chat("openai/gpt-5-mini") {
        system("Answer in one sentence.")
        user("What is a coroutine?")
    }
    println(answer.content)
    println("${answer.usage?.totalTokens} tokens, ended with ${answer.finishReason}")
}
// endregion

/** 01: one question, one answer. */
suspend fun main() = offline { llm, openAi ->
    openAi.enqueue(FakeReply.text("A function that can pause and go on later.").usage(FakeUsage(22, 9)))
    firstChat(llm)
    newClient().close()
}
