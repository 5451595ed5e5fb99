package io.kompletion.redis

import io.kompletion.error.ConfigurationException
import io.lettuce.core.RedisClient
import io.lettuce.core.RedisURI
import java.time.Duration

/**
 * Where a [RedisState] is, and how it is asked. Immutable.
 *
 * @property prefix begins every key; fleets that share one Redis and nothing else have different ones
 * @property commandTimeout longest wait for an answer, and for the first connection before it; a day at most
 * @property client makes the connection in the place of a client of the state's own, and is not closed with it; its own
 *   options then say how it connects again and what it does until then. Null for one of its own
 */
public class RedisStateOptions private constructor(builder: Builder) {
    private val uri: String = builder.uri ?: throw ConfigurationException("The address of Redis is missing; set uri")
    public val prefix: String = builder.prefix
    public val commandTimeout: Duration = builder.commandTimeout
    public val client: RedisClient? = builder.client

    internal val redisUri: RedisURI = parse(uri)

    init {
        if (prefix.isBlank() || prefix.any { it == '{' || it == '}' }) {
            throw ConfigurationException("prefix must be neither blank nor contain braces, got \"$prefix\"")
        }
        if (commandTimeout <= Duration.ZERO || commandTimeout > LONGEST) {
            throw ConfigurationException("commandTimeout must be positive and a day at most, got $commandTimeout")
        }
        redisUri.timeout = commandTimeout
    }

    /** Host and port, without a password. */
    public val address: String get() = "${redisUri.host}:${redisUri.port}"

    public fun toBuilder(): Builder = Builder().uri(uri).prefix(prefix).commandTimeout(commandTimeout).client(client)

    override fun toString(): String =
        "RedisStateOptions(address=$address, tls=${redisUri.isSsl}, database=${redisUri.database}, prefix=$prefix, " +
            "commandTimeout=$commandTimeout, ownClient=${client == null})"

    /** Collects [RedisStateOptions]. */
    public class Builder internal constructor() {
        /**
         * `redis://[[user]:password@]host[:port][/database]`, or `rediss://` for TLS. Special characters of a password are
         * percent-encoded.
         */
        @get:JvmSynthetic @set:JvmSynthetic public var uri: String? = null

        /** `kompletion` unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var prefix: String = DEFAULT_PREFIX

        /** A second unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var commandTimeout: Duration = Duration.ofSeconds(1)

        @get:JvmSynthetic @set:JvmSynthetic public var client: RedisClient? = null

        public fun uri(value: String?): Builder = apply { uri = value }

        public fun prefix(value: String): Builder = apply { prefix = value }

        public fun commandTimeout(value: Duration): Builder = apply { commandTimeout = value }

        public fun client(value: RedisClient?): Builder = apply { client = value }

        /** @throws ConfigurationException when a value cannot work; it says which */
        public fun build(): RedisStateOptions = RedisStateOptions(this)
    }

    public companion object {
        /** `kompletion` */
        public const val DEFAULT_PREFIX: String = "kompletion"

        @JvmStatic
        public fun builder(): Builder = Builder()

        // what Lettuce says of an address may show its password
        private fun parse(uri: String): RedisURI {
            if (!isRedis(
                    uri,
                )
            ) {
                throw ConfigurationException("The address of Redis must begin with redis:// or rediss://")
            }
            val parsed = try {
                RedisURI.create(uri)
            } catch (_: IllegalArgumentException) {
                throw ConfigurationException(UNREADABLE)
            }
            splitPort(parsed)
            if (parsed.host.isNullOrEmpty()) throw ConfigurationException(UNREADABLE)
            return parsed
        }

        /** Lettuce leaves the port with a name that is none by RFC 952, such as `redis_server` of a container. */
        private fun splitPort(parsed: RedisURI) {
            val host = parsed.host.orEmpty()
            if (':' !in host || host.startsWith('[')) return
            val port = host.substringAfter(':').toIntOrNull()?.takeIf { it in 1..65_535 }
            parsed.port = port ?: throw ConfigurationException(UNREADABLE)
            parsed.host = host.substringBefore(':')
        }

        private val LONGEST = Duration.ofDays(1)

        internal fun isRedis(uri: String): Boolean = uri.startsWith("redis://") || uri.startsWith("rediss://")

        private const val UNREADABLE =
            "The address of Redis cannot be read; write redis://user:password@host:port/database " +
                "and percent-encode special characters of the password"
    }
}
