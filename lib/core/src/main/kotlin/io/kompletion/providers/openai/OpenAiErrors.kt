package io.kompletion.providers.openai

import io.kompletion.error.ErrorDetails
import io.kompletion.error.KompletionException
import io.kompletion.internal.wire.ErrorClasses
import io.kompletion.internal.wire.ErrorText
import io.kompletion.internal.wire.RetryHints
import io.kompletion.internal.wire.WireJson
import io.kompletion.internal.wire.array
import io.kompletion.internal.wire.int
import io.kompletion.internal.wire.obj
import io.kompletion.internal.wire.present
import io.kompletion.internal.wire.string
import io.kompletion.internal.wire.text
import io.kompletion.transport.WireHeaders
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.time.Duration
import java.time.Instant

/**
 * Errors as OpenAI and the servers that copy it write them: `{"error":{message,type,param,code}}`, `{"error":"text"}`,
 * `{code,message,request_id}`, `{"object":"error",…}`, `{"detail":…}`, the same in an array, and pages of proxies.
 */
internal object OpenAiErrors {
    fun of(status: Int, headers: WireHeaders, body: String, requestId: String?, now: Instant): KompletionException {
        val parsed = WireJson.parse(body)?.let(::envelope)
        val said = parsed?.message ?: ErrorText.of(body)
        val message = ErrorText.answered(status, said)
        val details = ErrorDetails.builder()
            .status(status)
            .code(parsed?.code)
            .type(parsed?.type)
            .param(parsed?.param)
            .requestId(requestId ?: parsed?.requestId)
            .retryAfter(RetryHints.retryAfter(headers, now) ?: resetOfExhausted(status, headers))
            .retryable(RetryHints.shouldRetry(headers))
            .body(body)
            .build()
        return ErrorClasses.exception(message, status, details)
    }

    /** The error inside a 200, or null when [body] is none. */
    fun inside(body: JsonElement): KompletionException? {
        val found = envelope(body)?.takeIf { it.isError } ?: ofChoices(body)?.let(::of) ?: return null
        val status = found.status ?: ErrorClasses.statusFor(found.code, found.type)
        val message = ErrorText.inside(found.message ?: body.toString())
        val details = ErrorDetails.builder()
            .status(status)
            .code(found.code)
            .type(found.type)
            .param(found.param)
            .requestId(found.requestId)
            .body(body.toString())
            .build()
        return ErrorClasses.exception(message, status, details)
    }

    /** An answer that ended with [reason], which is a failure. */
    fun ended(reason: String): KompletionException {
        val details = ErrorDetails.builder().status(500).code(reason).type("finish_reason").build()
        return ErrorClasses.exception(ErrorText.inside("the model ended with $reason"), 500, details)
    }

    /** OpenRouter writes what failed behind it into the choice, where an answer would stand. */
    private fun ofChoices(body: JsonElement): JsonObject? {
        val choices = (body as? JsonObject)?.array("choices") ?: return null
        val errors = choices.map { (it as? JsonObject)?.obj("error") }
        return errors.firstOrNull()?.takeIf { null !in errors }?.let { JsonObject(mapOf("error" to it)) }
    }

    /** When a limit is used up and no pause is named, the time until that limit resets is the pause. */
    private fun resetOfExhausted(status: Int, headers: WireHeaders): Duration? {
        if (status != 429) return null
        return listOf("requests", "tokens")
            .filter { headers["x-ratelimit-remaining-$it"]?.trim() == "0" }
            .mapNotNull { headers["x-ratelimit-reset-$it"]?.let(RetryHints::goDuration) }
            .maxOrNull()
    }

    private class Envelope(
        val message: String?,
        val code: String?,
        val type: String?,
        val param: String?,
        val isError: Boolean,
        val status: Int? = null,
        val requestId: String? = null,
    )

    private fun envelope(body: JsonElement): Envelope? = when (body) {
        is JsonArray -> body.firstOrNull()?.let(::envelope)
        is JsonObject -> of(body)
        else -> null
    }

    private fun of(body: JsonObject): Envelope? {
        val error = body.present("error")
        return when {
            error is JsonObject -> Envelope(
                (error.text("message") ?: error.text("detail"))?.plus(filtered(error)),
                word(error["code"]),
                error.string("type") ?: error.obj("innererror")?.string("code"),
                error.text("param"),
                isError = true,
                // Groq and Azure say the status that the error would have had.
                status = status(error, "status_code") ?: status(error, "status"),
                requestId = body.string("request_id"),
            )

            error is JsonPrimitive && error !is JsonNull && error.isString ->
                Envelope(error.content, word(body["code"]), body.string("type"), null, isError = true)

            body.string("object") == "error" || body.string("type") == "error" ->
                Envelope(
                    body.text("message"),
                    word(body["code"]),
                    body.string("type"),
                    body.text("param"),
                    isError = true,
                    // Mistral says the status that the error would have had.
                    status = status(body, "raw_status_code"),
                )

            body.present("detail") != null -> detail(body.getValue("detail"), isError = "choices" !in body)

            body.array("errors")?.firstOrNull() is JsonObject && "choices" !in body -> listed(body)

            body["message"] is JsonPrimitive && "choices" !in body ->
                Envelope(
                    body.text("message"),
                    word(body["code"]),
                    body.string("type"),
                    body.text("param"),
                    isError = true,
                    // The gateway in front of Azure writes no more than these two.
                    status = status(body, "statusCode"),
                    requestId = body.string("request_id"),
                )

            else -> null
        }
    }

    /** IBM's gateways list what is wrong, each with a code. */
    private fun listed(body: JsonObject): Envelope {
        val problems = body.array("errors").orEmpty().mapNotNull { it as? JsonObject }
        return Envelope(
            problems.mapNotNull { it.text("message") }.joinToString("; ").ifEmpty { null },
            word(problems.first()["code"]),
            null,
            null,
            isError = true,
            status = status(body, "status_code"),
            requestId = body.string("trace"),
        )
    }

    private fun status(fields: JsonObject, name: String): Int? = fields.int(name)?.takeIf { it in 400..599 }

    /** A text, or what is wrong with each field of a request: `[{"loc":["body","n"],"msg":"…","type":"…"}]`. */
    private fun detail(detail: JsonElement, isError: Boolean): Envelope {
        val problems = (detail as? JsonArray)?.mapNotNull { it as? JsonObject }.orEmpty()
        val messages = problems.mapNotNull { problem ->
            problem.text("msg")?.let { said -> listOfNotNull(place(problem), said).joinToString(": ") }
        }
        if (messages.isEmpty()) {
            val said = (detail as? JsonPrimitive)?.content ?: detail.toString()
            return Envelope(said, null, null, null, isError)
        }
        val first = problems.first()
        return Envelope(messages.joinToString("; "), null, first.string("type"), place(first), isError)
    }

    /** Where in the body a problem is, e.g. `messages[0].content`. */
    private fun place(problem: JsonObject): String? {
        val steps = (problem["loc"] as? JsonArray)?.mapNotNull { it as? JsonPrimitive }.orEmpty()
        val path = steps.dropWhile { it.content == "body" }
            .joinToString("") { if (it.isString) ".${it.content}" else "[${it.content}]" }
        return path.removePrefix(".").ifEmpty { null }
    }

    /** What Azure's filter found in the prompt: ` (filtered: hate high, violence medium)`. */
    private fun filtered(error: JsonObject): String {
        val found = error.obj("innererror")?.obj("content_filter_result").orEmpty()
            .mapNotNull { (name, value) ->
                (value as? JsonObject)?.takeIf { it["filtered"] == TRUE }?.let { name to it }
            }
        if (found.isEmpty()) return ""
        return found.joinToString(prefix = " (filtered: ", postfix = ")") { (name, value) ->
            listOfNotNull(name, value.text("severity")).joinToString(" ")
        }
    }

    private fun word(code: JsonElement?): String? = (code as? JsonPrimitive)?.takeIf {
        it !is JsonNull
    }?.content?.ifEmpty { null }

    private val TRUE = JsonPrimitive(true)
}
