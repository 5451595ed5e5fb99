package io.kompletion.security

import io.kompletion.Kompletion
import io.kompletion.chat.DocumentPart
import io.kompletion.chat.FilePart
import io.kompletion.chat.ImagePart
import io.kompletion.chat.Media
import io.kompletion.chat.VideoPart
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.KompletionException
import io.kompletion.error.UnsupportedParameterException
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.LoopbackServer
import io.kompletion.transport.TransportSettings
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeIn
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe

/** Addresses of images, documents and so on go to the provider as they are; the library fetches none of them. */
class MediaAddressTest : FunSpec({
    test("no address in a request is fetched, whatever its scheme") {
        val page = LoopbackReply.fixed(200, "image/png", "x")
        var sent = 0
        var refused = 0
        LoopbackServer.start(page).use { elsewhere ->
            LoopbackServer.start(LoopbackReply.fixed(400, "application/json", "{}")).use { provider ->
                for (factory in transports) {
                    for (door in doors) {
                        for (address in addresses(elsewhere)) {
                            for (part in parts(address)) {
                                val before = provider.requestCount
                                val failure = factory.create(TransportSettings.DEFAULT).use { transport ->
                                    val builder = Kompletion.builder().environment(emptyMap()).transport(transport)
                                    door.settings(builder, provider.url)
                                    builder.build().use { llm ->
                                        try {
                                            llm.chat("${door.provider}/${door.model}") {
                                                user(part)
                                            }
                                            throw AssertionError("answered")
                                        } catch (e: KompletionException) {
                                            e
                                        }
                                    }
                                }
                                if (provider.requestCount == before) {
                                    refused++
                                    failure.javaClass shouldBeIn listOf(InvalidRequestException::class.java, UnsupportedParameterException::class.java)
                                } else {
                                    sent++
                                    provider.requestCount shouldBe before + 1
                                }
                            }
                        }
                    }
                }
                elsewhere.connectionCount shouldBe 0
            }
        }
        println("media addresses: $sent passed on, $refused refused, 0 fetched")
        sent shouldBeGreaterThan 20
        refused shouldBeGreaterThan 20
    }
})

private fun addresses(server: LoopbackServer): List<String> {
    val place = "127.0.0.1:${server.port}/a.png"
    val schemes = listOf("http", "https", "HTTP", "gs", "s3", "file", "ftp", "jar:http", "gopher", "ws")
    return schemes.map { "$it://$place" } + listOf("//$place", place, "file:/etc/passwd", "data:image/png,$place", "http:$place")
}

private fun parts(address: String) = listOf(
    ImagePart.of(Media.url(address)),
    DocumentPart.of(Media.url(address, "application/pdf")),
    VideoPart.of(Media.url(address, "video/mp4")),
    FilePart.of(Media.url(address, "application/pdf")),
)
