package io.kompletion.opendal.internal

import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import io.kompletion.error.StateUnavailableException
import kotlinx.coroutines.future.await
import kotlinx.coroutines.withTimeoutOrNull
import org.apache.opendal.AsyncOperator
import org.apache.opendal.OpenDALException
import java.time.Duration
import java.util.concurrent.CompletableFuture

/** One service of OpenDAL, with its failures in the terms of a cache store. */
internal class Service private constructor(
    val scheme: String,
    private val operator: OpenOperator,
    private val redaction: Redaction,
    private val timeout: Duration,
) : AutoCloseable {
    val canList: Boolean get() = operator.canList

    /** The bytes at [path], or null. */
    suspend fun read(path: String): ByteArray? = try {
        call("read", timeout) { it.read(path) }
    } catch (e: OpenDALException) {
        if (e.code == OpenDALException.Code.NotFound) null else throw unavailable("read", e)
    }

    suspend fun write(path: String, bytes: ByteArray): Unit = change("write", timeout) { it.write(path, bytes) }

    /** Removes what is at [path]; nothing there is no failure. */
    suspend fun delete(path: String): Unit = change("delete", timeout) { it.delete(path) }

    suspend fun deleteAll(folder: String): Unit =
        change("delete", timeout.multipliedBy(CLEAR_FACTOR)) { it.removeAll(folder) }

    override fun close(): Unit = operator.close()

    private suspend fun change(verb: String, limit: Duration, start: (AsyncOperator) -> CompletableFuture<Void>) {
        try {
            call(verb, limit, start)
        } catch (e: OpenDALException) {
            throw unavailable(verb, e)
        }
    }

    private suspend fun <T> call(verb: String, limit: Duration, start: (AsyncOperator) -> CompletableFuture<T>): T {
        val running = operator.start(start) ?: throw unavailable("The cache store $scheme is closed")
        val answer = withTimeoutOrNull(limit.toMillis()) { Answer(running.await()) }
            ?: throw unavailable("The cache store $scheme did not $verb within ${limit.toMillis()} ms")
        return answer.value
    }

    private fun unavailable(verb: String, failure: OpenDALException) =
        unavailable("The cache store $scheme could not $verb: ${redaction.summary(failure)}")

    private fun unavailable(message: String) =
        StateUnavailableException(message, ErrorDetails.builder().code("state.unavailable").build())

    /** Tells an answer that is null from none in time. */
    private class Answer<T>(val value: T)

    companion object {
        private const val CLEAR_FACTOR = 60L

        /** @throws ConfigurationException when there is no such service, or it cannot work like this */
        fun open(scheme: String, config: Map<String, String>, timeout: Duration): Service =
            openIfKnown(scheme, config, timeout) ?: throw ConfigurationException(
                "OpenDAL has no service \"$scheme\" for a cache store; those that it has are named in docs/opendal.md",
            )

        /** The same; null when there is no such service. */
        fun openIfKnown(scheme: String, config: Map<String, String>, timeout: Duration): Service? {
            require(!timeout.isNegative && !timeout.isZero) { "A timeout of $timeout lets no call through" }
            NativeLibraries.load()
            val redaction = Redaction(config)
            val operator = try {
                AsyncOperator.of(scheme, config)
            } catch (e: OpenDALException) {
                if (e.code == OpenDALException.Code.Unsupported) return null
                throw ConfigurationException(
                    "The cache store $scheme cannot work with its settings (${config.keys.sorted().joinToString()}): " +
                        redaction.summary(e),
                )
            }
            val can = operator.info.fullCapability
            if (!can.read || !can.write || !can.delete) {
                operator.close()
                throw ConfigurationException(
                    "The service $scheme cannot read, write and delete, so it can be no cache store",
                )
            }
            return Service(scheme, OpenOperator(operator, can.list), redaction, timeout)
        }
    }
}
