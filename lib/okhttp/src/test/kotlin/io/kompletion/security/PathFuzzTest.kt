package io.kompletion.security

import io.kompletion.Kompletion
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.RetryConfiguration
import io.kompletion.error.ConfigurationException
import io.kompletion.error.ConnectionException
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.KompletionException
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.LoopbackRequest
import io.kompletion.testkit.server.LoopbackServer
import io.kompletion.transport.HttpTransport
import io.kompletion.transport.HttpTransportFactory
import io.kompletion.transport.TransportSettings
import io.kompletion.transport.WireHeaders
import io.kompletion.transport.WireRequest
import io.kompletion.transport.WireResponse
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeIn
import io.kotest.matchers.collections.shouldNotContain
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith
import kotlinx.serialization.json.JsonPrimitive
import java.net.URI
import kotlin.random.Random

private const val COUNT = 10_000
private const val SEED = 20261121L

/** Names as nobody should give them: pieces of URLs, paths, header lines and other alphabets, in any mixture. */
private fun names(count: Int): Sequence<String> {
    val random = Random(SEED)
    val pieces = listOf(
        "..", ".", "/", "//", "\\", "%2e%2e", "%2F", "?", "#", "&", ";", ":", "@", "=", "+", "*", "~", "|", " ", "\t", "\n",
        "\r\n", "\u0000", "\u007F", "\u00A0", "\u2028", "\uFEFF", "é", "文", "🎉", "\uD83D", "\uDE00", "evil.com", "http:", "models",
        "models/", "tunedModels/", "publishers/", "projects/", "endpoints/", "gpt-4o", "claude-haiku-4-5", "gemini-2.5-flash",
        "us-east5", "x", "A", "9", "-", "_", "[", "]", "{", "}", "<", ">", "\"", "'", "`", "^", "$", "!", ",",
    )
    return sequence {
        repeat(count) {
            yield(
                buildString {
                    repeat(random.nextInt(1, 7)) { append(pieces[random.nextInt(pieces.size)]) }
                    if (random.nextInt(50) == 0) repeat(300) { append(pieces[random.nextInt(pieces.size)]) }
                },
            )
        }
    }
}

/** The paths that a provider has, whatever the model is called. */
private val paths = mapOf(
    "openai" to Regex("/chat/completions"),
    "alibaba" to Regex("/chat/completions"),
    "cohere" to Regex("/chat"),
    "mistral" to Regex("/chat/completions"),
    "ollama" to Regex("/api/chat"),
    "azure" to Regex("/openai/(v1|deployments/[^/?#]+)/chat/completions(\\?api-version=2024-10-21)?"),
    "anthropic" to Regex("/v1/messages|/messages"),
    "google" to Regex("/v1beta/(models|tunedModels)/[^/?#]+:(generateContent|streamGenerateContent\\?alt=sse)"),
    "anthropic_vertex" to Regex("/projects/[^/?#]+/locations/[a-z0-9-]+/publishers/anthropic/models/[^/?#]+:(rawPredict|streamRawPredict)"),
    "bedrock" to Regex("/model/[^/?#]+/(converse|converse-stream)"),
    "anthropic_bedrock" to Regex("/model/[^/?#]+/(invoke|invoke-with-response-stream)"),
    "google_vertex" to Regex("/v1/projects/[^/?#]+/locations/[^/?#]+/(publishers/[^/?#]+/models/|endpoints/|models/)[^/?#]+:(generateContent|streamGenerateContent\\?alt=sse)"),
)

/** No way upwards, however often somebody unescapes it, and nothing that ends a request line. */
private fun check(door: Door, target: String) {
    val path = target.substringBefore('?')
    var unescaped = path
    repeat(3) {
        unescaped.split('/', '\\') shouldNotContain ".."
        unescaped.split('/', '\\') shouldNotContain "."
        unescaped = unescaped.replace("%2E", ".", true).takeIf { it != unescaped } ?: return@repeat
    }
    for (bad in listOf("//", "\\", " ", "#", "\r", "\n", "\u0000")) path shouldNotContain bad
    path.all { it in '!'..'~' } shouldBe true
    target shouldMatch paths.getValue(door.provider)
}

class PathFuzzTest : FunSpec({
    for ((index, door) in doors.withIndex()) {
        test("$door: no model leads anywhere else") {
            var sent = 0
            for (name in names(COUNT)) {
                val sink = Sink()
                val builder = Kompletion.builder().environment(emptyMap()).transport(sink).retry(RetryConfiguration.NONE)
                door.settings(builder, BASE)
                val failure = failureOf { builder.build().chat(asking(door, name)) }
                val url = sink.url ?: continue.also { withClue(name.toList()) { failure.javaClass shouldBeIn REFUSALS } }
                sent++
                withClue(name.toList()) {
                    url shouldStartWith BASE
                    check(door, url.removePrefix(BASE))
                    URI(url).host shouldBe "127.0.0.1"
                }
            }
            println("paths: ${door.provider}: $sent of $COUNT names sent, 0 escapes")
            sent shouldBeGreaterThan 1000
        }

        for (factory in transports) {
            test("$door on ${factory.javaClass.simpleName}: what the server reads is no other path") {
                LoopbackServer.start(LoopbackReply.fixed(400, "application/json", "{}")).use { server ->
                    val mine = names(COUNT).filterIndexed { i, _ -> i % doors.size == index }
                    val sent = modelNames(factory, door, server, mine)
                    sent shouldBeGreaterThan 100
                    server.requests.size shouldBe sent
                    server.failures.size shouldBe 0
                    println("paths: ${door.provider} on ${factory.javaClass.simpleName}: $sent read, 0 escapes")
                }
            }
        }
    }

    for (provider in listOf("google_vertex", "anthropic_vertex")) {
        test("$provider: no region and no project moves the host or the path") {
            var sent = 0
            for (name in names(COUNT)) {
                for ((region, project) in listOf(name to "test-project", "us-east5" to name)) {
                    val url = vertexUrl(provider, region, project) ?: continue
                    sent++
                    withClue("region ${region.toList()}, project ${project.toList()}") {
                        val uri = URI(url)
                        uri.scheme shouldBe "https"
                        uri.host shouldMatch Regex("([a-z0-9-]{1,40}-)?aiplatform(\\.(us|eu)\\.rep)?\\.googleapis\\.com")
                        uri.port shouldBe -1
                        uri.rawUserInfo shouldBe null
                        uri.rawPath.split('/').size shouldBe DEPTH
                        uri.rawPath shouldStartWith "/v1/projects/"
                    }
                }
            }
            println("places: $provider: $sent of ${2 * COUNT} places sent, 0 moved")
        }
    }

    test("no header value breaks out of its line, and none that is refused is shown") {
        val random = Random(SEED)
        var refused = 0
        val shown = Shown(listOf("canary-in-a-header"))
        for (name in names(COUNT)) {
            val at = random.nextInt(name.length + 1)
            val value = name.substring(0, at) + "canary-in-a-header" + name.substring(at)
            val isBad = value.any { (it < ' ' && it != '\t') || it.code >= 0x7F }
            try {
                WireHeaders.builder().add("x-team", value).build()["x-team"] shouldBe value
                withClue(value.toList()) { isBad shouldBe false }
            } catch (e: InvalidRequestException) {
                refused++
                withClue(value.toList()) { isBad shouldBe true }
                shown.failure("header", e)
            }
        }
        println("headers: $refused of $COUNT values refused, ${shown.hits.size} of them shown")
        shown.hits.size shouldBe 0
        refused shouldBeGreaterThan 1000
    }
})

private const val DEPTH = 10
private const val BASE = "http://127.0.0.1:9"
private val REFUSALS = listOf(InvalidRequestException::class.java, ConfigurationException::class.java)

private fun asking(door: Door, name: String) = ChatCompletionRequest(name) {
    provider = door.provider
    user("Hi")
}

/** Asks for every name; gives how many were sent. */
private suspend fun modelNames(
    factory: HttpTransportFactory,
    door: Door,
    server: LoopbackServer,
    names: Sequence<String>,
): Int {
    var sent = 0
    factory.create(TransportSettings.DEFAULT).use { transport ->
        val builder = Kompletion.builder().environment(emptyMap()).transport(transport).retry(RetryConfiguration.NONE)
        door.settings(builder, server.url)
        builder.build().use { llm ->
            for (name in names) {
                val failure = failureOf { llm.chat(asking(door, name)) }
                if (failure.status == null) {
                    withClue(name.toList()) {
                        failure.javaClass shouldBeIn REFUSALS
                    }
                    continue
                }
                sent++
                val seen: LoopbackRequest = server.requests.last()
                withClue(name.toList()) {
                    check(door, seen.target)
                    seen.header("host") shouldBe "127.0.0.1:${server.port}"
                }
            }
        }
    }
    return sent
}

private suspend fun failureOf(call: suspend () -> Unit): KompletionException = try {
    call()
    throw AssertionError("answered")
} catch (e: KompletionException) {
    e
}

/** Where a call to [provider] would go; null when it is refused. */
private suspend fun vertexUrl(provider: String, region: String, project: String): String? {
    val transport = Sink()
    val llm = Kompletion {
        environment(emptyMap())
        transport(transport)
        retry { enabled = false }
    }
    val model = if (provider == "google_vertex") "gemini-2.5-flash" else "claude-haiku-4-5"
    val failure = failureOf {
        llm.chat("$provider/$model") {
            user("Hi")
            apiKey("ya29.x")
            providerOptions(provider, mapOf("region" to JsonPrimitive(region), "project_id" to JsonPrimitive(project)))
        }
    }
    if (transport.url == null) failure.javaClass shouldBeIn REFUSALS
    return transport.url
}

/** Takes note of one URL and refuses it. */
private class Sink : HttpTransport {
    var url: String? = null

    override val name: String get() = "sink"

    override suspend fun open(request: WireRequest): WireResponse {
        url = request.url
        throw ConnectionException("sink", ConnectionException.Kind.REFUSED)
    }

    override fun close() = Unit
}
