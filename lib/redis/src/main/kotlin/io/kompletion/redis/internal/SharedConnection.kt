package io.kompletion.redis.internal

import io.kompletion.redis.RedisStateOptions
import io.lettuce.core.ClientOptions
import io.lettuce.core.RedisClient
import io.lettuce.core.RedisException
import io.lettuce.core.SocketOptions
import io.lettuce.core.api.StatefulRedisConnection
import io.lettuce.core.codec.ByteArrayCodec
import io.lettuce.core.codec.RedisCodec
import io.lettuce.core.codec.StringCodec
import io.lettuce.core.resource.ClientResources
import io.lettuce.core.resource.Delay
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeUnit.MILLISECONDS
import java.util.concurrent.TimeoutException

/**
 * One connection for all calls: made when it is first wanted, and again when making it failed. Once it is there, Lettuce
 * connects it again when it breaks; until then calls fail at once, as what waits would pile up.
 */
internal class SharedConnection(private val options: RedisStateOptions) : AutoCloseable {
    private val lock = Any()
    private var own: OwnClient? = null
    private var isClosed = false

    @Volatile
    private var connecting: CompletableFuture<StatefulRedisConnection<String, ByteArray>>? = null

    /** The connection, when it was made; null while there is none. */
    fun openOrNull(): StatefulRedisConnection<String, ByteArray>? =
        connecting?.takeIf { it.isDone && !it.isCompletedExceptionally }?.join()

    fun open(): CompletableFuture<StatefulRedisConnection<String, ByteArray>> = synchronized(lock) {
        if (isClosed) return CompletableFuture.failedFuture(RedisException("The state is closed"))
        connecting?.takeUnless { it.isCompletedExceptionally }
            ?: client().connectAsync(CODEC, options.redisUri).toCompletableFuture().also { connecting = it }
    }

    private fun client(): RedisClient = options.client ?: (own ?: OwnClient(options).also { own = it }).client

    override fun close() {
        val (connection, client) = synchronized(lock) {
            isClosed = true
            (connecting to own).also { connecting = null }
        }
        val closing = connection?.handle { open, _ -> open }
            ?.thenCompose { it?.closeAsync() ?: CompletableFuture.completedFuture(null) }
            ?: CompletableFuture.completedFuture(null)
        try {
            closing.thenCompose { client?.closeAsync() ?: CompletableFuture.completedFuture(null) }
                .get(CLOSE_MILLIS, MILLISECONDS)
        } catch (_: TimeoutException) {
            // its threads are daemons
        } catch (_: ExecutionException) {
            // nothing to be done about a connection that ends with an error
        }
    }

    /** A client that nobody else uses, with settings for calls that rather fail than wait. */
    private class OwnClient(options: RedisStateOptions) {
        private val resources = ClientResources.builder()
            .reconnectDelay(Delay.exponential(Duration.ofMillis(10), Duration.ofSeconds(1), 2, MILLISECONDS))
            .build()
        val client: RedisClient = RedisClient.create(resources)

        init {
            client.options = ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(MOST_REQUESTS)
                .socketOptions(SocketOptions.builder().connectTimeout(options.commandTimeout).keepAlive(true).build())
                .build()
        }

        fun closeAsync(): CompletableFuture<Void?> = client.shutdownAsync(0, CLOSE_MILLIS, MILLISECONDS)
            .thenAccept { resources.shutdown(0, CLOSE_MILLIS, MILLISECONDS) }
    }

    private companion object {
        /** Keys are text, values are bytes: a number as text, or an answer in the cache. */
        val CODEC: RedisCodec<String, ByteArray> = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE)
        const val CLOSE_MILLIS = 2_000L

        /** Commands without an answer; more are refused rather than kept. */
        const val MOST_REQUESTS = 65_536
    }
}
