package io.kompletion.internal.call

import io.kompletion.chat.AudioPart
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ContentPart
import io.kompletion.chat.DeveloperMessage
import io.kompletion.chat.DocumentPart
import io.kompletion.chat.FilePart
import io.kompletion.chat.FunctionMessage
import io.kompletion.chat.ImagePart
import io.kompletion.chat.Media
import io.kompletion.chat.Message
import io.kompletion.chat.MessageContent
import io.kompletion.chat.SystemMessage
import io.kompletion.chat.ToolResultMessage
import io.kompletion.chat.UserMessage
import io.kompletion.chat.VideoPart
import io.kompletion.chat.Warning
import io.kompletion.chat.body
import io.kompletion.error.ErrorDetails
import io.kompletion.error.MediaFetchException
import io.kompletion.internal.media.FetchAddress
import io.kompletion.internal.media.FetchFailure
import io.kompletion.internal.media.FetchedMedia
import io.kompletion.internal.media.MediaFetches
import io.kompletion.internal.media.MediaKind
import io.kompletion.policy.MediaFetcher
import io.kompletion.provider.MediaForm
import io.kompletion.provider.Target
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import java.util.concurrent.atomic.AtomicLong

/**
 * Puts bytes in place of addresses in the requests of one call. What was fetched for one target serves the next ones, too.
 * All addresses are checked before the first is fetched.
 */
internal class MediaInlining(private val fetches: MediaFetches) {
    private val rules = fetches.rules
    private val fetched = HashMap<String, FetchedMedia>()
    private val left = AtomicLong(rules.maxCallBytes)

    private class Wanted(val url: String, val address: FetchAddress, val place: String)

    fun isNeeded(target: Target): Boolean {
        var found = false
        rewritten(target.request) { part, _ -> part.also { found = found || wants(it, target) } }
        return found
    }

    suspend fun inline(target: Target): Target {
        fetchAll(wanted(target).filter { it.url !in fetched }.distinctBy { it.url })
        val notes = ArrayList<Warning>()
        val request = rewritten(target.request) { part, place ->
            if (wants(part, target)) inlined(part, place, notes) else part
        }
        return target.sending(request, notes)
    }

    private fun wanted(target: Target): List<Wanted> {
        val wanted = ArrayList<Wanted>()
        rewritten(target.request) { part, place ->
            val url = media(part)?.url
            if (url != null && wants(part, target)) {
                wanted += Wanted(url, failing(place) { FetchAddress.of(url, rules) }, place)
            }
            part
        }
        return wanted
    }

    private suspend fun fetchAll(wanted: List<Wanted>) {
        val found = coroutineScope {
            wanted.map { async { it.url to failing(it.place) { fetches.fetch(it.address, left) } } }.awaitAll()
        }
        fetched += found
    }

    private fun wants(part: ContentPart, target: Target): Boolean {
        val url = media(part)?.url ?: return false
        if (HTTP.none { url.startsWith(it, ignoreCase = true) }) return false
        val forms = target.provider.chat.mediaForms(part, target)
        return MediaForm.BYTES in forms && (rules.mode == MediaFetcher.Mode.ALWAYS || MediaForm.ADDRESS !in forms)
    }

    private fun inlined(part: ContentPart, place: String, notes: MutableList<Warning>): ContentPart {
        val media = media(part) ?: return part
        val found = fetched[media.url] ?: return part
        val said = media.mediaType?.substringBefore(';')?.trim()?.lowercase()
        val type = failing(place) { kind(part).typeOf(found.bytes, said, found.sentType) }
        notes += Warning(place, "note", "fetched from ${found.host}: $type, ${found.bytes.size} bytes")
        if (said != null &&
            said != type
        ) {
            notes += Warning("$place.media_type", "mapped", "the bytes are $type, not $said")
        }
        return with(part, Media.bytes(type, found.bytes), type, found.fileName)
    }

    private fun with(part: ContentPart, media: Media, type: String, fileName: String?): ContentPart = when (part) {
        is ImagePart -> part.copy(media = media)
        is DocumentPart -> part.copy(media = media)
        is VideoPart -> part.copy(media = media)
        is AudioPart -> part.copy(media = media, format = part.format ?: FORMATS[type] ?: type.substringAfter('/'))
        is FilePart -> part.copy(media = media, filename = part.filename ?: fileName ?: "file")
        else -> part
    }

    private fun media(part: ContentPart): Media? = when (part) {
        is ImagePart -> part.media
        is DocumentPart -> part.media
        is AudioPart -> part.media
        is VideoPart -> part.media
        is FilePart -> part.media
        else -> null
    }

    private fun kind(part: ContentPart): MediaKind = when (part) {
        is ImagePart -> MediaKind.IMAGE
        is DocumentPart -> MediaKind.DOCUMENT
        is AudioPart -> MediaKind.AUDIO
        is VideoPart -> MediaKind.VIDEO
        else -> MediaKind.FILE
    }

    private inline fun <T> failing(place: String, block: () -> T): T = try {
        block()
    } catch (e: FetchFailure) {
        val details = ErrorDetails.builder().param(place).code("media.${e.kind.name.lowercase()}").status(e.status)
        if (e.status in PASSING) details.retryable(true)
        throw MediaFetchException("$place: the medium was not fetched: ${e.message}", e.kind, details.build(), e.cause)
    }

    /** [request] with [change] made to each part that a caller or a tool wrote. */
    private inline fun rewritten(
        request: ChatCompletionRequest,
        change: (ContentPart, String) -> ContentPart,
    ): ChatCompletionRequest {
        val messages = request.messages.mapIndexed { index, message ->
            val content = message.body ?: return@mapIndexed message
            if (content.isText || content.json != null) return@mapIndexed message
            val parts = content.parts.mapIndexed { i, part -> change(part, "messages[$index].content[$i]") }
            if (parts == content.parts) message else with(message, MessageContent.parts(parts))
        }
        return request.copy(messages = messages)
    }

    private fun with(message: Message, content: MessageContent): Message = when (message) {
        is SystemMessage -> message.copy(content = content)
        is DeveloperMessage -> message.copy(content = content)
        is UserMessage -> message.copy(content = content)
        is ToolResultMessage -> message.copy(content = content)
        is FunctionMessage -> message.copy(content = content)
        else -> message
    }

    private companion object {
        val HTTP = listOf("https:", "http:")

        /** Statuses that may pass. */
        val PASSING = setOf(408, 429, 500, 502, 503, 504)

        /** Names of formats that are not the end of their media type. */
        val FORMATS = mapOf("audio/mpeg" to "mp3")
    }
}
