package io.kompletion.providers.bedrock

import io.kompletion.error.ConnectionException
import io.kompletion.error.TimeoutException
import io.kompletion.internal.credential.Fetched
import io.kompletion.transport.HttpTransport
import kotlinx.coroutines.withTimeoutOrNull
import java.time.Duration
import java.time.Instant

/**
 * Keys of a virtual machine, from the second version of its metadata service: a token first, then the name of the role,
 * then the role's keys. Each step has a second, because most machines have no such service.
 * `AWS_EC2_METADATA_DISABLED` turns it off.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html">AWS: instance metadata</a>
 */
internal class AwsInstance(private val environment: (String) -> String?) {
    private val baseUrl = (environment("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?: USUAL).trimEnd('/')

    /** The machine's keys; null when there is no such service, or no role. */
    suspend fun keys(transport: HttpTransport, now: Instant): Fetched<AwsKeys>? {
        if (environment("AWS_EC2_METADATA_DISABLED").equals("true", ignoreCase = true)) return null
        val token =
            ask(transport, "PUT", "/latest/api/token", mapOf(TTL to SECONDS))?.takeIf { it.isGood } ?: return null
        val headers = mapOf(TOKEN to token.text.trim())
        val role = ask(transport, "GET", ROLES, headers)?.takeIf {
            it.isGood
        }?.text?.lineSequence()?.firstOrNull()?.trim()
        if (role.isNullOrEmpty() || '/' in role) return null
        val answer = ask(transport, "GET", ROLES + role, headers) ?: return null
        return AwsEndpointKeys.read(answer, "the instance's metadata service", now)
    }

    /** Null when nobody answers in time. */
    private suspend fun ask(
        transport: HttpTransport,
        method: String,
        path: String,
        headers: Map<String, String>,
    ): EndpointAnswer? = try {
        withTimeoutOrNull(LIMIT.toMillis()) { transport.ask(method, baseUrl + path, headers, LIMIT) }
    } catch (e: ConnectionException) {
        if (e.kind == ConnectionException.Kind.CLIENT_CLOSED) throw e
        null
    } catch (_: TimeoutException) {
        null
    }

    private companion object {
        const val USUAL = "http://169.254.169.254"
        const val ROLES = "/latest/meta-data/iam/security-credentials/"
        const val TOKEN = "x-aws-ec2-metadata-token"
        const val TTL = "x-aws-ec2-metadata-token-ttl-seconds"
        const val SECONDS = "21600"
        val LIMIT: Duration = Duration.ofSeconds(1)
    }
}
