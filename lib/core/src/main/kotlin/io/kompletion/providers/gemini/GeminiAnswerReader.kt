package io.kompletion.providers.gemini

import io.kompletion.chat.Citation
import io.kompletion.chat.CitationPart
import io.kompletion.chat.FinishReason
import io.kompletion.chat.UnknownPart
import io.kompletion.error.KompletionException
import io.kompletion.internal.wire.array
import io.kompletion.internal.wire.boolean
import io.kompletion.internal.wire.int
import io.kompletion.internal.wire.obj
import io.kompletion.internal.wire.string
import io.kompletion.internal.wire.text
import io.kompletion.provider.AnswerSink
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.time.DateTimeException
import java.time.Instant

/** Reads one answer out of one piece or many. Parts without a type in the vocabulary are kept as they came. */
internal class GeminiAnswerReader(
    private val providerId: String,
    private val host: GeminiHost,
    private val answerId: () -> String,
    private val out: AnswerSink,
) {
    private val candidates = HashMap<Int, Candidate>(1)
    private var id: String? = null

    /** Whether there has been any candidate. */
    val hasCandidates: Boolean get() = candidates.isNotEmpty()

    /** @throws KompletionException when the piece is an error, a blocked prompt or an answer that failed */
    fun piece(piece: JsonObject) {
        GeminiErrors.inside(piece)?.let { throw it }
        head(piece)
        val all = piece.array("candidates").orEmpty()
        if (all.isEmpty() && !hasCandidates) GeminiErrors.blocked(piece)?.let { throw it }
        var failure: KompletionException? = null
        for ((position, fields) in all.withIndex()) {
            if (fields !is JsonObject) continue
            val index = fields.int("index") ?: position
            failure = candidates.getOrPut(index) { Candidate(index) }.read(fields) ?: failure
        }
        if (failure != null && candidates.values.none { it.hasContent }) throw failure
    }

    private fun head(piece: JsonObject) {
        for ((name, value) in piece) {
            when (name) {
                "candidates" -> Unit
                "responseId" -> (value as? JsonPrimitive)?.content?.let(::id)
                "modelVersion" -> (value as? JsonPrimitive)?.content?.let(out::model)
                "usageMetadata" -> (value as? JsonObject)?.let { geminiUsage(it)?.let(out::usage) }
                "createTime" -> (value as? JsonPrimitive)?.content?.let(::created)
                else -> if (value !is JsonNull) out.extra(name, value)
            }
        }
        piece.obj("usageMetadata")?.string("serviceTier")?.let(out::serviceTier)
    }

    private fun id(value: String) {
        if (id == null) id = value
        out.id(value)
    }

    private fun created(time: String) = try {
        out.created(Instant.parse(time).epochSecond)
    } catch (_: DateTimeException) {
        out.extra("createTime", JsonPrimitive(time))
    }

    /** Calls that the answer was cut off in. */
    fun end() = candidates.values.forEach { it.cutCall() }

    private inner class Candidate(private val index: Int) {
        private val extra = LinkedHashMap<String, JsonElement>(0)
        private val handedOn = HashSet<String>(0)
        private val sources = HashSet<String>(0)
        private var isFinished = false
        private var calls = 0
        private var open: GeminiCall? = null

        /** Whether it has said anything that is of use. */
        var hasContent = false
            private set

        /** Gives back the error that this is, if nothing else was said. */
        fun read(fields: JsonObject): KompletionException? {
            var finish: String? = null
            for ((name, value) in fields) {
                when (name) {
                    "content" -> (value as? JsonObject)?.array("parts")?.forEach { if (it is JsonObject) part(it) }
                    "finishReason" -> finish = (value as? JsonPrimitive)?.takeIf { it !is JsonNull }?.content
                    "logprobsResult" -> out.logprobs(index, value)
                    "index" -> Unit
                    else -> if (value !is JsonNull) keep(name, value)
                }
            }
            fields.obj("groundingMetadata")?.let(::sources)
            fields.obj("citationMetadata")?.let(::cited)
            if (finish.isNullOrEmpty()) return null
            return finish(finish, fields)
        }

        /** What comes again replaces what came before; objects are put together. Handed on when the answer ends. */
        private fun keep(name: String, value: JsonElement) {
            val before = extra[name]
            extra[name] = if (before is JsonObject && value is JsonObject) JsonObject(before + value) else value
            if (isFinished) handOn(name)
        }

        private fun handOn(name: String) {
            val value = extra[name] ?: return
            // Lists of one name are joined, so that each goes on once.
            if (handedOn.add(name) || value !is JsonArray) out.messageExtra(index, name, value)
        }

        private fun finish(native: String, fields: JsonObject): KompletionException? {
            val reason = native.toIntOrNull()?.let(host.finishReasons::getOrNull) ?: native
            if (reason == "STOP") endCall() else cutCall()
            isFinished = true
            extra.keys.toList().forEach(::handOn)
            out.finish(index, geminiFinishReason(reason), native)
            return if (reason in FAILURES) GeminiErrors.failed(reason, fields.string("finishMessage"), fields) else null
        }

        private fun part(part: JsonObject) {
            val signature = part.string("thoughtSignature")?.ifEmpty { null }
            val text = part.string("text")
            val call = part.obj("functionCall")
            when {
                call != null -> call(call, signature)
                text == null -> other(part, signature)
                part.boolean("thought") == true -> thought(text, signature)
                else -> text(text, signature)
            }
        }

        private fun text(text: String, signature: String?) {
            if (text.isNotEmpty()) said()
            if (signature == null) out.text(index, text) else out.signedText(index, text, signature)
        }

        private fun thought(text: String, signature: String?) {
            endCall()
            out.reasoning(index, text)
            if (signature == null) return
            out.reasoningSignature(index, signature)
            out.partBegins(index)
        }

        private fun other(part: JsonObject, signature: String?) {
            val kind = part.keys.firstOrNull { it !in BESIDE } ?: return signature?.let { text("", it) } ?: Unit
            said()
            out.part(
                index,
                GeminiMedia.of(part, kind)
                    ?: UnknownPart(kind, JsonObject(mapOf("type" to JsonPrimitive(kind)) + part), providerId),
            )
        }

        private fun said() {
            endCall()
            hasContent = true
        }

        /** A call has a name, whole or at the beginning of its pieces; pieces without one go on, an empty one ends. */
        private fun call(call: JsonObject, signature: String?) {
            val name = call.string("name")
            if (!name.isNullOrEmpty()) begin(name, call, signature)
            val current = open ?: return
            call["args"]?.let(current::whole)
            current.add(call)
            if (call.boolean("willContinue") != true) endCall()
        }

        private fun begin(name: String, call: JsonObject, signature: String?) {
            said()
            val begun = GeminiCall(calls++, comesInPieces = call.boolean("willContinue") == true)
            open = begun
            val callId = call.text("id")?.ifEmpty { null } ?: GeminiIds.of(answer(), index, begun.index)
            out.toolCallDelta(index, begun.index, callId, GeminiNames.meant(name), begun.beginning)
            if (signature != null) out.toolCallSignature(index, signature)
            for ((field, value) in call) {
                if (field !in CALL &&
                    value !is JsonNull
                ) {
                    out.toolCallExtra(index, field, value)
                }
            }
        }

        private fun endCall() = close(GeminiCall::rest)

        /** Ends a call whose arguments were to go on. */
        fun cutCall() = close(GeminiCall::cutRest)

        private fun close(text: (GeminiCall) -> String) {
            val ended = open ?: return
            open = null
            out.toolCallDelta(index, ended.index, null, null, text(ended))
        }

        /** The pages that the answer rests on; each once, although a stream may name them again. */
        private fun sources(grounding: JsonObject) {
            for (chunk in grounding.array("groundingChunks").orEmpty()) {
                val (kind, source) = (chunk as? JsonObject)?.entries?.firstOrNull { it.value is JsonObject } ?: continue
                cite(kind, source as JsonObject)
            }
        }

        private fun cited(metadata: JsonObject) {
            val all = metadata.array("citationSources") ?: metadata.array("citations")
            for (source in all.orEmpty()) (source as? JsonObject)?.let { cite("citation", it) }
        }

        private fun cite(kind: String, source: JsonObject) {
            if (!sources.add("$kind $source")) return
            val citation = Citation(
                kind = kind,
                url = source.string("uri"),
                title = source.string("title"),
                citedText = source.string("text"),
                extra = source.filterKeys { it !in CITATION },
            )
            out.part(index, CitationPart(citation))
        }
    }

    private fun answer(): String = id ?: answerId().also { id = it }

    private companion object {
        val CALL = setOf("id", "name", "args", "partialArgs", "willContinue")
        val CITATION = setOf("uri", "title", "text")

        /** Fields of a part that are not what it is. */
        val BESIDE = setOf("thought", "thoughtSignature", "videoMetadata", "mediaResolution", "partMetadata")
        val FAILURES = setOf(
            "MALFORMED_FUNCTION_CALL",
            "UNEXPECTED_TOOL_CALL",
            "TOO_MANY_TOOL_CALLS",
            "MISSING_THOUGHT_SIGNATURE",
        )
    }
}

/** What a finish reason of this protocol means, by its name. */
internal fun geminiFinishReason(name: String): FinishReason = when (name) {
    "STOP" -> FinishReason.STOP

    "MAX_TOKENS" -> FinishReason.LENGTH

    "SAFETY", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "RECITATION", "LANGUAGE", "MODEL_ARMOR", "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION",
    -> FinishReason.CONTENT_FILTER

    else -> FinishReason.OTHER
}
