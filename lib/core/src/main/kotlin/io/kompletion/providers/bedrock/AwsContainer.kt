package io.kompletion.providers.bedrock

import io.kompletion.error.ConfigurationException
import io.kompletion.internal.credential.Fetched
import io.kompletion.internal.credential.TrustedPlace
import io.kompletion.transport.HttpTransport
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.File
import java.io.IOException
import java.net.URI
import java.net.URISyntaxException
import java.time.Duration
import java.time.Instant
import java.util.Locale

/**
 * Keys of a container, from the endpoint that `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` or
 * `AWS_CONTAINER_CREDENTIALS_FULL_URI` names. Without TLS it must be on this machine or at one of the addresses that
 * Amazon's container services have.
 *
 * @see <a href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html">AWS: container credentials</a>
 */
internal class AwsContainer(private val environment: (String) -> String?) {
    /** The container's keys; null when no endpoint is named. */
    suspend fun keys(transport: HttpTransport, connectTimeout: Duration, now: Instant): Fetched<AwsKeys>? {
        val url = environment(RELATIVE)?.let(::relative) ?: environment(FULL)?.let(::full) ?: return null
        val headers = token()?.let { mapOf("authorization" to it) }.orEmpty()
        return AwsEndpointKeys.read(transport.ask("GET", url, headers, connectTimeout), "the container's endpoint", now)
    }

    private fun relative(path: String): String {
        if (!path.startsWith("/") ||
            parsed("$HOST$path") == null
        ) {
            throw wrong(RELATIVE, "must be a path that begins with a slash")
        }
        return HOST + path
    }

    private fun full(url: String): String {
        val uri = parsed(url) ?: throw wrong(FULL, "is no URL")
        val host = uri.host?.lowercase(Locale.ROOT).orEmpty()
        val isSafe = uri.scheme.equals("https", true) || (uri.scheme.equals("http", true) && isNear(host))
        if (!isSafe || host.isEmpty() || uri.rawUserInfo != null) {
            throw wrong(FULL, "must be https, or http at this machine or at a container service's own address")
        }
        return url
    }

    private fun isNear(host: String) = TrustedPlace.isLocalHost(host) || host in SERVICES

    private fun parsed(url: String): URI? = try {
        URI(url)
    } catch (_: URISyntaxException) {
        null
    }

    /** The file is read each time: its token changes. */
    private suspend fun token(): String? {
        val path = environment(TOKEN_FILE)
        val token = if (path == null) environment(TOKEN) else withContext(Dispatchers.IO) { contents(path) }
        val bad = token?.any { it < ' ' || it.code > LAST_VISIBLE } == true
        if (bad) {
            throw wrong(
                if (path ==
                    null
                ) {
                    TOKEN
                } else {
                    TOKEN_FILE
                },
                "holds a token with a line end or a control character",
            )
        }
        return token
    }

    private fun contents(path: String): String = try {
        File(path).readText().trim()
    } catch (e: IOException) {
        throw wrong(TOKEN_FILE, "names a file that cannot be read (${e.javaClass.simpleName})")
    }

    private fun wrong(variable: String, what: String) = ConfigurationException("$variable $what")

    private companion object {
        const val RELATIVE = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
        const val FULL = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
        const val TOKEN = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
        const val TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
        const val HOST = "http://169.254.170.2"
        const val LAST_VISIBLE = 0x7E

        /** Of ECS, and of EKS over both versions of the internet protocol. */
        val SERVICES = setOf("169.254.170.2", "169.254.170.23", "[fd00:ec2::23]")
    }
}
