package io.kompletion.internal.media

import io.kompletion.error.MediaFetchException.Kind
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

/** What fetched bytes are taken for: the bytes first, then the caller's word, then the server's. */
class MediaKindTest : FunSpec({
    fun bytes(text: String) = text.toByteArray(Charsets.ISO_8859_1)
    val png = bytes("\u0089PNG\r\n\u001A\n....")
    val pdf = bytes("%PDF-1.7\n")
    val html = bytes("<!doctype html><title>Sign in</title>")

    test("signatures") {
        val known = listOf(
            Triple("\u0089PNG\r\n\u001A\n", MediaKind.IMAGE, "image/png"),
            Triple("\u00FF\u00D8\u00FF\u00E0", MediaKind.IMAGE, "image/jpeg"),
            Triple("GIF89a", MediaKind.IMAGE, "image/gif"),
            Triple("RIFF....WEBPVP8 ", MediaKind.IMAGE, "image/webp"),
            Triple("....ftypheic", MediaKind.IMAGE, "image/heic"),
            Triple("....ftypavif", MediaKind.IMAGE, "image/avif"),
            Triple("%PDF-1.4", MediaKind.DOCUMENT, "application/pdf"),
            Triple("RIFF....WAVEfmt ", MediaKind.AUDIO, "audio/wav"),
            Triple("ID3\u0004", MediaKind.AUDIO, "audio/mpeg"),
            Triple("\u00FF\u00FB\u0090", MediaKind.AUDIO, "audio/mpeg"),
            Triple("\u00FF\u00F1\u0050", MediaKind.AUDIO, "audio/aac"),
            Triple("fLaC", MediaKind.AUDIO, "audio/flac"),
            Triple("OggS", MediaKind.AUDIO, "audio/ogg"),
            Triple("OggS", MediaKind.VIDEO, "video/ogg"),
            Triple("....ftypM4A ", MediaKind.AUDIO, "audio/mp4"),
            Triple("....ftypisom", MediaKind.AUDIO, "audio/mp4"),
            Triple("....ftypisom", MediaKind.VIDEO, "video/mp4"),
            Triple("....ftypqt  ", MediaKind.VIDEO, "video/quicktime"),
            Triple("\u001AE\u00DF\u00A3", MediaKind.VIDEO, "video/webm"),
            Triple("\u001AE\u00DF\u00A3", MediaKind.AUDIO, "audio/webm"),
            Triple("RIFF....AVI LIST", MediaKind.VIDEO, "video/x-msvideo"),
        )
        for ((start, kind, type) in known) {
            withClue(type) {
                kind.typeOf(bytes(start), null, null) shouldBe type
                kind.typeOf(bytes(start), null, "text/html") shouldBe type
            }
        }
    }

    test("text is a document and a file, under the type that it claims") {
        MediaKind.DOCUMENT.typeOf(bytes("# Hello"), null, "text/markdown") shouldBe "text/markdown"
        MediaKind.DOCUMENT.typeOf(bytes("Hello"), null, "application/octet-stream") shouldBe "text/plain"
        MediaKind.DOCUMENT.typeOf(bytes("{}"), "application/json", "text/plain") shouldBe "application/json"
        MediaKind.FILE.typeOf(bytes("Hello"), null, null) shouldBe "text/plain"
        MediaKind.FILE.typeOf(byteArrayOf(0, 1, 2), null, null) shouldBe "application/octet-stream"
        MediaKind.FILE.typeOf(byteArrayOf(0, 1, 2), "application/zip", "application/octet-stream") shouldBe "application/zip"
        MediaKind.FILE.typeOf(png, null, null) shouldBe "image/png"
    }

    test("what the part cannot hold, or is not what was said, is refused") {
        val wrong = listOf(
            { MediaKind.IMAGE.typeOf(html, null, "image/png") },
            { MediaKind.IMAGE.typeOf(bytes("<svg xmlns='…'/>"), null, "image/svg+xml") },
            { MediaKind.IMAGE.typeOf(pdf, null, "application/pdf") },
            { MediaKind.DOCUMENT.typeOf(png, null, "application/pdf") },
            { MediaKind.DOCUMENT.typeOf(html, null, "application/pdf") },
            { MediaKind.DOCUMENT.typeOf(html, "application/pdf", "text/html") },
            { MediaKind.DOCUMENT.typeOf(bytes("M\u00FCll"), null, "text/plain") },
            { MediaKind.AUDIO.typeOf(bytes("....ftypheic"), null, "audio/mp4") },
            { MediaKind.AUDIO.typeOf(bytes("raw"), null, "audio/l16") },
            { MediaKind.VIDEO.typeOf(bytes("ID3"), null, "video/mp4") },
            { MediaKind.FILE.typeOf(png, "application/pdf", "application/pdf") },
            { MediaKind.FILE.typeOf(html, null, "application/pdf") },
        )
        wrong.forEachIndexed { i, decide ->
            withClue("case $i") { shouldThrow<FetchFailure> { decide() }.kind shouldBe Kind.MEDIA_TYPE }
        }
        MediaKind.IMAGE.typeOf(png, "image/jpeg", "image/jpeg") shouldBe "image/png"
    }
})
