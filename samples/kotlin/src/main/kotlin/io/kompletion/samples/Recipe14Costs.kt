package io.kompletion.samples

import io.kompletion.Kompletion
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.testkit.FakeProviders
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.FakeUsage

// region prices
fun pricedClient(openAiUrl: String): Kompletion = Kompletion {
    provider("openai") { apiKey("sk-any").baseUrl(openAiUrl) }
    provider("gpu-1") { apiKey("any").baseUrl(openAiUrl) }
    modelCatalog {
        model("gpu-1/*") { prices("0.05", "0.2") } // what a million tokens cost you, read and written
        model("openai/gpt-5.6-luna") { prices { input("1").cacheRead("0.1").output("6") } }
    }
}
// endregion

// region cost
fun bill(answer: ChatCompletionResponse): String {
    val cost = answer.cost ?: return "not known: ${answer.costUnknownReason}"
    return "\$${cost.total.toPlainString()}, of which \$${cost.cacheRead.toPlainString()} for what was cached"
}
// endregion

// region count
suspend fun fits(llm: Kompletion, model: String, question: String): Boolean {
    val count = llm.countTokens(model) { user(question) }
    println("${count.tokens} tokens${if (count.isEstimate) ", counted here" else ""}")
    return count.tokens <= (llm.modelInfo(model)?.contextTokens ?: Long.MAX_VALUE)
}
// endregion

/** 14: what answers cost, and what models can do. */
suspend fun main() {
    FakeProviders.start().use { fakes ->
        val openAi = fakes.openAi()
        pricedClient(openAi.baseUrl).use { llm ->
            for (model in listOf(MODEL, "openai/gpt-5.6-luna", "gpu-1/llama-3.3-70b", "openai/unheard-of")) {
                openAi.enqueue(FakeReply.text("Hello.").usage(FakeUsage(10_000, 500, cachedTokens = 8_000)))
                println("$model ${bill(llm.chat(model) { user("Hello") })}")
            }
            println(fits(llm, MODEL, "Is a snail a fish?"))
            // region ask
            val model = llm.modelInfo("anthropic/claude-haiku-4-5")
            println("reads ${model?.contextTokens} tokens, from ${model?.source}")
            if (llm.capabilities("anthropic/claude-haiku-4-5").vision) println("reads images")
            println("of tomorrow: like ${llm.modelInfo("anthropic/claude-opus-99")?.like}")
            // endregion
        }
    }
}
