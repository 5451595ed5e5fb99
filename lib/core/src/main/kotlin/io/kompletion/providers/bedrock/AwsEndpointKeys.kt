package io.kompletion.providers.bedrock

import io.kompletion.Secret
import io.kompletion.error.UnexpectedResponseException
import io.kompletion.internal.credential.Fetched
import io.kompletion.internal.credential.ShortBody
import io.kompletion.internal.wire.WireJson
import io.kompletion.internal.wire.string
import io.kompletion.transport.HttpTransport
import io.kompletion.transport.WireHeaders
import io.kompletion.transport.WireRequest
import kotlinx.serialization.json.JsonObject
import java.time.DateTimeException
import java.time.Duration
import java.time.Instant

/** What an endpoint of the machine answered. */
internal class EndpointAnswer(val status: Int, val text: String) {
    val isGood: Boolean get() = status in 200..299
}

/** Asks an endpoint of the machine that the program runs on. */
internal suspend fun HttpTransport.ask(
    method: String,
    url: String,
    headers: Map<String, String>,
    connectTimeout: Duration,
): EndpointAnswer {
    val all = WireHeaders.builder().set("accept", "*/*")
    for ((name, value) in headers) all.set(name, value)
    val body = if (method == "PUT") ByteArray(0) else null
    open(WireRequest(method, url, all.build(), body, connectTimeout)).use {
        return EndpointAnswer(it.status, ShortBody.text(it))
    }
}

/** Keys as containers and instances get them. No value is ever shown. */
internal object AwsEndpointKeys {
    fun read(answer: EndpointAnswer, who: String, now: Instant): Fetched<AwsKeys> {
        if (!answer.isGood) throw UnexpectedResponseException("$who answered HTTP ${answer.status} in place of keys")
        val fields = WireJson.parse(answer.text) as? JsonObject
        val id = fields?.string("AccessKeyId")
        val secret = fields?.string("SecretAccessKey")
        if (id.isNullOrBlank() || secret.isNullOrBlank()) {
            throw UnexpectedResponseException("$who answered without AccessKeyId and SecretAccessKey")
        }
        val keys = AwsKeys(Secret(id), Secret(secret), fields.string("Token")?.ifEmpty { null }?.let(::Secret))
        return Fetched(keys, life(fields.string("Expiration"), now))
    }

    /** Keys that have ended already are good for a moment all the same: machines hand them out while they get new ones. */
    private fun life(expiration: String?, now: Instant): Duration {
        val end = try {
            expiration?.let(Instant::parse)
        } catch (_: DateTimeException) {
            null
        }
        return end?.let { maxOf(Duration.between(now, it), LEAST) } ?: UNKNOWN
    }

    private val LEAST: Duration = Duration.ofMinutes(1)
    private val UNKNOWN: Duration = Duration.ofMinutes(15)
}
