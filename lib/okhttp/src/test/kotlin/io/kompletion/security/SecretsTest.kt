package io.kompletion.security

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.FallbackRequest
import io.kompletion.chat.RetryConfiguration
import io.kompletion.chat.serializeConversation
import io.kompletion.error.KompletionException
import io.kompletion.listen.CallEvent
import io.kompletion.testkit.google.FakeGoogleTokens
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.LoopbackServer
import io.kompletion.transport.HttpTransportFactory
import io.kompletion.transport.ProxySettings
import io.kompletion.transport.TransportSettings
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.flow.collect
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.net.InetAddress
import java.net.ServerSocket
import java.net.URLDecoder
import java.time.Duration

/** A secret is where it is needed and nowhere else, whatever servers, proxies and networks do. */
class SecretsTest : FunSpec({
    val shown = Shown(listOf(KEY, TOKEN))
    var failures = 0

    suspend fun call(place: String, llm: Kompletion, request: ChatCompletionRequest, shown: Shown) {
        for (streamed in listOf(false, true)) {
            try {
                if (streamed) llm.chatStream(request).collect() else shown.graph(place, llm.chat(request))
            } catch (e: KompletionException) {
                failures++
                shown.failure("$place, streamed $streamed", e)
                e.attempts.forEach { shown.text(place, it.toString()) }
                shown.text(place, e.details.toString())
                shown.text(place, e.partial?.toString())
            }
        }
        for (text in listOf(request.toString(), request.toJson(), serializeConversation(request.messages), llm.toString())) {
            shown.text(place, text)
        }
        RecordedLogs.take().forEach { shown.text("$place, log", it) }
    }

    suspend fun fails(
        place: String,
        door: Door,
        factory: HttpTransportFactory,
        url: String,
        shown: Shown,
        settings: TransportSettings = TransportSettings.DEFAULT,
        more: KompletionBuilder.() -> Unit = {},
    ) {
        factory.create(settings).use { transport ->
            val events = ArrayList<CallEvent>()
            val builder = Kompletion.builder().environment(emptyMap()).transport(transport).retry(RetryConfiguration.NONE)
                .listener { events += it }
                .timeouts {
                    connect = Duration.ofMillis(500)
                    firstChunk = Duration.ofMillis(150)
                    idle = Duration.ofMillis(150)
                    total = Duration.ofMillis(300)
                    streamTotal = Duration.ofMillis(300)
                }
            door.settings(builder, url)
            builder.more()
            shown.text(place, builder.toString())
            val request = ChatCompletionRequest("${door.provider}/${door.model}") {
                user("Hello")
                extraHeader("Cookie", "session=$KEY")
            }
            builder.build().use { call("${factory.javaClass.simpleName} $door, $place", it, request, shown) }
            events.forEach { shown.graph("$place, event", it) }
        }
    }

    for (factory in transports) {
        for (door in doors) {
            test("$door on ${factory.javaClass.simpleName}: nothing shows the secret") {
                val secret = if ("vertex" in door.provider) TOKEN else KEY
                for (fault in faults) {
                    LoopbackServer.start(fault.reply(secret)).use { fails(fault.name, door, factory, it.url, shown) }
                }
                val closed = ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { it.localPort }
                fails("nobody listens", door, factory, "http://127.0.0.1:$closed", shown)
                fails("no such host", door, factory, "https://nope.invalid", shown)
                LoopbackServer.start(LoopbackReply.fixed(200, "text/plain", secret)).use {
                    fails("no TLS", door, factory, it.url.replace("http:", "https:"), shown)
                }
                for (status in listOf(403, 407)) {
                    val refusal = LoopbackReply.fixed(status, "text/plain", secret, "proxy-authenticate: Basic realm=\"$secret\"")
                    LoopbackServer.start(refusal).use { proxy ->
                        val through = TransportSettings(ProxySettings(ProxySettings.Kind.HTTP, "127.0.0.1", proxy.port))
                        fails("a proxy that refuses with $status", door, factory, "https://provider.invalid", shown, through)
                    }
                }
            }

            test("$door on ${factory.javaClass.simpleName}: a redirect reaches no second host") {
                LoopbackServer.start(LoopbackReply.fixed(200, "application/json", "{}")).use { second ->
                    for (status in listOf(301, 302, 303, 307, 308)) {
                        val reply = LoopbackReply.fixed(status, "text/plain", "", "location: ${second.url}/elsewhere")
                        LoopbackServer.start(reply).use { first ->
                            fails("redirect $status", door, factory, first.url, shown)
                            first.requestCount shouldBe 2
                        }
                    }
                    second.connectionCount shouldBe 0
                }
            }
        }
    }

    test("the other targets of a call do not show it either") {
        for (factory in transports) {
            LoopbackServer.start(LoopbackReply.fixed(500, "text/plain", "no $KEY")).use { server ->
                factory.create(TransportSettings.DEFAULT).use { transport ->
                    val builder = Kompletion.builder().environment(emptyMap()).transport(transport)
                        .retry { retryDelay = Duration.ofMillis(1) }
                    doors.first().settings(builder, server.url)
                    val request = ChatCompletionRequest("openai/gpt-4o") {
                        user("Hi")
                        fallback(FallbackRequest("openai/gpt-5") { apiKey(KEY) })
                    }
                    builder.build().use { call("fallbacks", it, request, shown) }
                }
            }
        }
    }

    test("a key file shows nothing of itself, wherever it goes") {
        FakeGoogleTokens.start().use { tokens ->
            val file = Json.parseToJsonElement(tokens.keyFile()).jsonObject
            val pem = file.getValue("private_key").jsonPrimitive.content
            val user = """{"type":"authorized_user","client_id":"me","client_secret":"$KEY","refresh_token":"$TOKEN"}"""
            val privately = Shown(pem.lines().filter { it.length > 40 } + KEY + TOKEN)
            val echoing = LoopbackServer.start { request ->
                LoopbackReply.fixed(400, "application/json", """{"error":"${request.bodyText}","error_description":"${request.bodyText} ${URLDecoder.decode(request.bodyText, "UTF-8")}"}""")
            }
            echoing.use { server ->
                for (credentials in listOf(file, Json.parseToJsonElement(user).jsonObject)) {
                    val changed = JsonObject(credentials + ("token_uri" to JsonPrimitive("${server.url}/token")))
                    for (factory in transports) {
                        val door = Door("google_vertex", "gemini-2.5-flash") { url ->
                            provider("google_vertex") {
                                options(mapOf("region" to JsonPrimitive("us-east5"), "project_id" to JsonPrimitive("p"), "service_account_credentials" to changed))
                                baseUrl(url)
                            }
                        }
                        fails("a token endpoint that echoes", door, factory, server.url, privately)
                        val sent = server.requests.last().bodyText.substringAfterLast('.')
                        Shown(listOf(sent.takeLast(60))).also { fails("the same, for the signature", door, factory, server.url, it) }.hits.shouldBeEmpty()
                    }
                }
            }
            for (broken in listOf("private_key" to "x$KEY", "client_email" to "", "token_uri" to "https://$TOKEN.example", "type" to KEY)) {
                val changed = JsonObject(file + (broken.first to JsonPrimitive(broken.second)))
                val door = Door("google_vertex", "gemini-2.5-flash") { url ->
                    provider("google_vertex") {
                        options(mapOf("region" to JsonPrimitive("us-east5"), "service_account_credentials" to changed))
                        baseUrl(url)
                    }
                }
                if (broken.first != "type") fails("a broken key file", door, transports.first(), "http://127.0.0.1:1", privately)
            }
            println("secrets of key files: ${privately.hits.size} hits in ${privately.texts} texts of ${privately.bytes} bytes")
            privately.hits.shouldBeEmpty()
        }
    }

    test("the search finds what it looks for") {
        val control = Shown(listOf(KEY))
        control.failure("control", IllegalStateException("key $KEY"))
        control.hits.size shouldBeGreaterThan 0
    }

    test("the count") {
        println("secrets: ${shown.hits.size} hits in ${shown.texts} texts of ${shown.bytes} bytes, over $failures failures")
        shown.hits.distinct().take(20).shouldBeEmpty()
        failures shouldBeGreaterThan 1000
    }
})
