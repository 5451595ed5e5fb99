package io.kompletion.providers.bedrock

import io.kompletion.provider.RequestSigner
import io.kompletion.transport.WireRequest
import java.net.URI
import java.security.MessageDigest
import java.time.Instant
import java.time.ZoneOffset
import java.time.format.DateTimeFormatter
import java.util.Locale
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec

/** The wall clock of signatures, which are good for a few minutes. */
internal fun interface AwsClock {
    fun now(): Instant
}

/**
 * Signs requests with Amazon's Signature Version 4: the method, the path, the host, the type and every `x-amz-` header,
 * and a hash of the body. What is signed is what goes over the wire, so the path is escaped once more for the signature
 * alone, and nobody may change it later. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">AWS: signing requests</a>
 */
internal class AwsSigner(
    private val keys: AwsKeys,
    private val region: String,
    private val service: String,
    private val clock: AwsClock,
) : RequestSigner {
    override val headers: Set<String> get() = OWN

    override fun sign(request: WireRequest): WireRequest {
        val uri = URI(request.url)
        val time = TIME.format(clock.now().atOffset(ZoneOffset.UTC))
        val bodyHash = hex(sha256(request.body ?: NOTHING))
        val out = request.headers.toBuilder()
        out.set(DATE, time).set(CONTENT_HASH, bodyHash)
        keys.sessionToken?.let { out.set(TOKEN, it.reveal()) }
        val signed = sortedMapOf("host" to authority(uri))
        out.build().forEach { name, value ->
            val lower = name.lowercase(Locale.ROOT)
            if (lower == "content-type" || lower.startsWith("x-amz-")) signed[lower] = value.trim()
        }
        val names = signed.keys.joinToString(";")
        val canonical = buildString {
            append(request.method).append('\n')
            append(path(uri)).append('\n')
            append(query(uri)).append('\n')
            for ((name, value) in signed) append(name).append(':').append(value.replace(SPACES, " ")).append('\n')
            append('\n').append(names).append('\n').append(bodyHash)
        }
        val scope = "${time.take(DAY)}/$region/$service/$TERMINATOR"
        val toSign = "$ALGORITHM\n$time\n$scope\n${hex(sha256(canonical.encodeToByteArray()))}"
        val signature = hex(hmac(signingKey(time.take(DAY)), toSign))
        val credential = "${keys.accessKeyId.reveal()}/$scope"
        out.set("authorization", "$ALGORITHM Credential=$credential, SignedHeaders=$names, Signature=$signature")
        return WireRequest(request.method, request.url, out.build(), request.body, request.connectTimeout)
    }

    /** As the `Host` header will have it: without the port that the scheme means anyway. */
    private fun authority(uri: URI): String {
        val host = uri.host.lowercase(Locale.ROOT)
        val usual = if (uri.scheme.equals("https", ignoreCase = true)) HTTPS else HTTP
        return if (uri.port < 0 || uri.port == usual) host else "$host:${uri.port}"
    }

    private fun path(uri: URI): String {
        val path = uri.rawPath.orEmpty().ifEmpty { "/" }
        return path.split('/').joinToString("/", transform = ::escaped)
    }

    private fun query(uri: URI): String = uri.rawQuery.orEmpty().split('&').filter { it.isNotEmpty() }
        .map { if ('=' in it) it else "$it=" }.sorted().joinToString("&")

    private fun escaped(text: String): String = buildString {
        for (byte in text.encodeToByteArray()) {
            val char = byte.toInt().toChar()
            if (char in 'a'..'z' || char in 'A'..'Z' || char in '0'..'9' || char in UNRESERVED) {
                append(char)
            } else {
                append('%').append(UPPER[(byte.toInt() shr 4) and LOW]).append(UPPER[byte.toInt() and LOW])
            }
        }
    }

    private fun signingKey(day: String): ByteArray {
        val start = "AWS4${keys.secretAccessKey.reveal()}".encodeToByteArray()
        return listOf(day, region, service, TERMINATOR).fold(start, ::hmac)
    }

    private fun hmac(key: ByteArray, text: String): ByteArray =
        Mac.getInstance(HMAC).apply { init(SecretKeySpec(key, HMAC)) }.doFinal(text.encodeToByteArray())

    private fun sha256(bytes: ByteArray): ByteArray = MessageDigest.getInstance("SHA-256").digest(bytes)

    private fun hex(bytes: ByteArray): String = buildString(bytes.size * 2) {
        for (byte in bytes) append(LOWER[(byte.toInt() shr 4) and LOW]).append(LOWER[byte.toInt() and LOW])
    }

    private companion object {
        const val ALGORITHM = "AWS4-HMAC-SHA256"
        const val TERMINATOR = "aws4_request"
        const val HMAC = "HmacSHA256"
        const val DATE = "x-amz-date"
        const val CONTENT_HASH = "x-amz-content-sha256"
        const val TOKEN = "x-amz-security-token"
        const val UNRESERVED = "-._~"
        const val UPPER = "0123456789ABCDEF"
        const val LOWER = "0123456789abcdef"
        const val LOW = 0xF
        const val DAY = 8
        const val HTTPS = 443
        const val HTTP = 80
        val OWN = setOf(DATE, CONTENT_HASH, TOKEN)
        val NOTHING = ByteArray(0)
        val SPACES = Regex(" {2,}")
        val TIME: DateTimeFormatter = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT)
    }
}
