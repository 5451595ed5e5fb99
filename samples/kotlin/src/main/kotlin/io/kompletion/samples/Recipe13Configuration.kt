package io.kompletion.samples

import io.kompletion.Kompletion
import io.kompletion.Secret
import io.kompletion.provider.Auth
import io.kompletion.testkit.FakeProviders
import java.time.Duration

// region configuration
fun configured(openAiUrl: String): Kompletion = Kompletion {
    provider("openai") {
        apiKey = Secret("sk-my-key") // instead of OPENAI_API_KEY
        baseUrl = openAiUrl // instead of https://api.openai.com/v1
        organization = "org-1"
    }
    provider("gpu-1") {
        baseUrl = "http://gpu-1:8000/v1"
        auth = Auth.None
        modelPrefixes += "my-"
    }
    retry {
        maxRetries = 2
        retryDelay = Duration.ofMillis(500)
    }
    timeouts {
        firstChunk = Duration.ofMinutes(2)
        total = Duration.ofMinutes(5)
    }
    listener { event -> println(event.javaClass.simpleName) }
    environment(emptyMap()) // nothing from the environment at all
}
// endregion

/** 13: the settings of a client. */
suspend fun main() {
    FakeProviders.start().use { fakes ->
        configured(fakes.openAi().baseUrl).use { llm ->
            println(llm.chat("openai/gpt-5-mini") { user("Hello") }.content)
            println(fakes.openAi().lastRequest.http.header("openai-organization"))
        }
    }
}
