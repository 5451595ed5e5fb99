package io.kompletion.samples

import io.kompletion.Kompletion
import io.kompletion.error.KompletionException
import io.kompletion.testkit.FakeProviders
import io.kompletion.testkit.FakeReply
import kotlinx.serialization.SerializationException
import java.time.Duration
import kotlin.system.exitProcess

/** Shows the library in one run; `--help` tells the arguments. */
suspend fun main(args: Array<String>) {
    val code = runSample(args.toList(), System.getenv())
    if (code != 0) exitProcess(code)
}

/** The same without the end of the process: gives the exit code. */
suspend fun runSample(args: List<String>, environment: Map<String, String>): Int = try {
    val options = MainOptions.parse(args)
    when {
        options.help -> println(MainOptions.HELP)
        talksToFake(options, environment) -> withFake(options.model ?: MODEL)
        else -> withProvider(options.model ?: MODEL, options.baseUrl, environment)
    }
    0
} catch (e: UsageException) {
    System.err.println("${e.message}; --help tells what there is")
    2
} catch (e: KompletionException) {
    System.err.println(e.message)
    1
} catch (e: SerializationException) {
    System.err.println("the model's JSON does not fit: ${e.message}")
    1
} catch (e: IllegalStateException) {
    System.err.println(e.message) // it refused, or never came to an end
    1
}

private fun talksToFake(options: MainOptions, environment: Map<String, String>): Boolean =
    options.fake || (options.model == null && environment["OPENAI_API_KEY"].isNullOrBlank())

private suspend fun withFake(model: String) {
    FakeProviders.start().use { fakes ->
        val pause = Duration.ofMillis(25)
        val openAi = fakes.openAi().enqueue(
            FakeReply.text("Let me look that up.").thenToolCall("get_weather", """{"city":"Lisbon"}"""),
            FakeReply.text("In Lisbon the sky is clear, and it is 21 °C.").delayBetweenEvents(pause),
            FakeReply.structured("""{"city":"Lisbon","sky":"clear","celsius":21}"""),
        )
        println("[Kotlin] A FAKE of OpenAI on this machine (${openAi.baseUrl}); no key, no network, no cost")
        val provider = model.substringBefore('/', missingDelimiterValue = "openai")
        val client = Kompletion { provider(provider) { apiKey("sk-any").baseUrl(openAi.baseUrl) } }
        client.use { Conversation(it, model).run() }
    }
}

private suspend fun withProvider(model: String, url: String?, variables: Map<String, String>) {
    println("[Kotlin] The REAL model $model${url?.let { " at $it" }.orEmpty()}; this may cost money")
    val client = Kompletion {
        environment(variables)
        if (url != null) {
            val name = model.substringBefore('/')
            provider(name) {
                baseUrl = url
                variables["${name.uppercase()}_API_KEY"]?.let { apiKey(it) }
            }
        }
    }
    client.use { Conversation(it, model).run() }
}
