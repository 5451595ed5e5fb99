package io.kompletion.samples

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.okhttp.OkHttpTransport
import io.kompletion.testkit.FakeProviders
import io.kompletion.transport.HttpTransport
import io.kompletion.transport.ProxySettings
import io.kompletion.transport.ktor.KtorTransports
import io.ktor.client.engine.HttpClientEngine
import io.ktor.client.engine.cio.CIO
import okhttp3.OkHttpClient

// region okhttp
/** Shares connections, DNS, certificates and interceptors with the rest of the program. */
fun onMyOkHttp(client: OkHttpClient): HttpTransport = OkHttpTransport(client)
// endregion

// region ktor

/** Any engine of Ktor's, also when OkHttp is on the class path. */
fun onKtor(engine: HttpClientEngine): HttpTransport = KtorTransports.of(engine)
// endregion

// region use

/** Who brings a transport closes it: a client closes only the one that it made itself. */
suspend fun over(own: HttpTransport, settings: KompletionBuilder.() -> Unit): String? = own.use { transport ->
    val client = Kompletion {
        settings()
        transport(transport)
    }
    client.use { llm -> llm.chat("openai/gpt-5-mini") { user("Hello") }.content }
}
// endregion

// region proxy
fun KompletionBuilder.throughProxy(): KompletionBuilder =
    proxy(ProxySettings(ProxySettings.Kind.HTTP, "proxy.example.com", 3128, noProxy = setOf("127.0.0.1")))
// endregion

/** 11: what sends the requests. */
suspend fun main() {
    FakeProviders.start().use { fakes ->
        val settings: KompletionBuilder.() -> Unit = {
            provider("openai") { apiKey("sk-any").baseUrl(fakes.openAi().baseUrl) }
        }
        println("own OkHttp: ${over(onMyOkHttp(OkHttpClient()), settings)}")
        CIO.create { requestTimeout = 0 }.use { println("Ktor CIO: ${over(onKtor(it), settings)}") }
        val client = Kompletion {
            settings()
            throughProxy()
        }
        client.use { println("past the proxy: ${it.chat(MODEL) { user("Hello") }.content}") }
    }
}
