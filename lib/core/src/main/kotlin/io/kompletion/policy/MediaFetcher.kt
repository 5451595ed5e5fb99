package io.kompletion.policy

import java.time.Duration

/**
 * Lets a client fetch media that a request names by `https` address, and send them as bytes. Off unless a client is given
 * one of these; then addresses are still checked as those of strangers.
 *
 * Fetched are images, documents, sounds, videos and files in the messages of users, tools and instructions, before the
 * first request to a provider; what an assistant said goes back as it came. A name is resolved once, every address that it
 * has is checked, and the connection goes to one of these. Nothing of a provider goes along: no key, no cookie, no header.
 * Connections are direct, without any proxy. Whatever is refused or fails is a
 * [io.kompletion.error.MediaFetchException], and then nothing is sent to the provider. Each medium that was fetched is a
 * note in the `warnings` of the answer.
 *
 * Never reached are loopback, private, link-local, shared (100.64/10), multicast, reserved and unspecified addresses, those
 * of the metadata services of clouds, and addresses of IPv6 that have one of these inside; nor names that belong to a
 * machine or a local network.
 *
 * Immutable, and safe to share.
 *
 * @property mode which addresses are fetched: those that the provider would not take, or all
 * @property allowHttp whether `http` may be fetched, too; what comes can then be read and changed on the way
 * @property allowedHosts if not empty, the only hosts: a name, or `.example.com` for every name below it
 * @property deniedHosts hosts that are refused, in the same spelling; they outrank [allowedHosts]
 * @property ports the only ports
 * @property maxBytes most bytes of one medium
 * @property maxCallBytes most bytes of all media of one call
 * @property timeout the whole of one fetch, redirects included
 * @property maxRedirects how many redirects are followed, each checked like the first address; never from `https` to `http`
 * @property maxConcurrent how many fetches of the client run at once; others wait, outside of [timeout]
 * @property allowPrivateAddresses whether loopback and private addresses and local names are reached, for tests and for
 *   servers of one's own; never those of metadata services
 */
public class MediaFetcher private constructor(builder: Builder) {
    public val mode: Mode = builder.mode
    public val allowHttp: Boolean = builder.allowHttp
    public val allowedHosts: Set<String> = builder.allowedHosts.toSet()
    public val deniedHosts: Set<String> = builder.deniedHosts.toSet()
    public val ports: Set<Int> = builder.ports.toSet()
    public val maxBytes: Int = builder.maxBytes
    public val maxCallBytes: Long = builder.maxCallBytes
    public val timeout: Duration = builder.timeout
    public val maxRedirects: Int = builder.maxRedirects
    public val maxConcurrent: Int = builder.maxConcurrent
    public val allowPrivateAddresses: Boolean = builder.allowPrivateAddresses

    public fun toBuilder(): Builder = Builder()
        .mode(mode)
        .allowHttp(allowHttp)
        .allowedHosts(allowedHosts)
        .deniedHosts(deniedHosts)
        .ports(ports)
        .maxBytes(maxBytes)
        .maxCallBytes(maxCallBytes)
        .timeout(timeout)
        .maxRedirects(maxRedirects)
        .maxConcurrent(maxConcurrent)
        .allowPrivateAddresses(allowPrivateAddresses)

    override fun toString(): String = "MediaFetcher(mode=$mode, allowHttp=$allowHttp, allowedHosts=$allowedHosts, " +
        "deniedHosts=$deniedHosts, ports=$ports, maxBytes=$maxBytes, maxCallBytes=$maxCallBytes, timeout=$timeout, " +
        "maxRedirects=$maxRedirects, maxConcurrent=$maxConcurrent, allowPrivateAddresses=$allowPrivateAddresses)"

    /** Which addresses are fetched. */
    public enum class Mode {
        /** Those that the provider does not take as an address but would take as bytes; without a fetcher they are an error. */
        WHERE_NEEDED,

        /** All that the provider takes as bytes. */
        ALWAYS,
    }

    /** Collects a [MediaFetcher]; starts with the defaults. */
    public class Builder internal constructor() {
        /** [Mode.WHERE_NEEDED] unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var mode: Mode = Mode.WHERE_NEEDED

        @get:JvmSynthetic @set:JvmSynthetic public var allowHttp: Boolean = false

        /** Empty unless set: every public host. */
        @get:JvmSynthetic @set:JvmSynthetic public var allowedHosts: Set<String> = emptySet()

        @get:JvmSynthetic @set:JvmSynthetic public var deniedHosts: Set<String> = emptySet()

        /** 443 and 80 unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var ports: Set<Int> = setOf(443, 80)

        /** 20 MiB unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var maxBytes: Int = 20 shl 20

        /** 50 MiB unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var maxCallBytes: Long = 50L shl 20

        /** 30 seconds unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var timeout: Duration = Duration.ofSeconds(30)

        /** None unless set; at most 10. */
        @get:JvmSynthetic @set:JvmSynthetic public var maxRedirects: Int = 0

        /** 4 unless set; at most 64. */
        @get:JvmSynthetic @set:JvmSynthetic public var maxConcurrent: Int = 4

        @get:JvmSynthetic @set:JvmSynthetic public var allowPrivateAddresses: Boolean = false

        public fun mode(value: Mode): Builder = apply { mode = value }

        public fun allowHttp(value: Boolean): Builder = apply { allowHttp = value }

        public fun allowedHosts(value: Set<String>): Builder = apply { allowedHosts = value }

        public fun deniedHosts(value: Set<String>): Builder = apply { deniedHosts = value }

        public fun ports(value: Set<Int>): Builder = apply { ports = value }

        public fun maxBytes(value: Int): Builder = apply { maxBytes = value }

        public fun maxCallBytes(value: Long): Builder = apply { maxCallBytes = value }

        public fun timeout(value: Duration): Builder = apply { timeout = value }

        public fun maxRedirects(value: Int): Builder = apply { maxRedirects = value }

        public fun maxConcurrent(value: Int): Builder = apply { maxConcurrent = value }

        public fun allowPrivateAddresses(value: Boolean): Builder = apply { allowPrivateAddresses = value }

        /** @throws IllegalArgumentException when a value cannot work; it says which */
        public fun build(): MediaFetcher {
            require(maxBytes > 0) { "maxBytes must be positive, got $maxBytes" }
            require(maxCallBytes > 0) { "maxCallBytes must be positive, got $maxCallBytes" }
            require(!timeout.isZero && !timeout.isNegative) { "timeout must be positive, got $timeout" }
            require(maxRedirects in 0..MOST_REDIRECTS) {
                "maxRedirects must be in 0..$MOST_REDIRECTS, got $maxRedirects"
            }
            require(maxConcurrent in 1..MOST_AT_ONCE) {
                "maxConcurrent must be in 1..$MOST_AT_ONCE, got $maxConcurrent"
            }
            require(
                ports.isNotEmpty() && ports.all {
                    it in 1..MOST_PORT
                },
            ) { "ports must be in 1..$MOST_PORT, got $ports" }
            for (host in allowedHosts + deniedHosts) {
                require(host.length > 1 && host.all(::isHostLetter)) {
                    "\"$host\" is no host; write it like img.example.com, or .example.com for all names below"
                }
            }
            return MediaFetcher(this)
        }
    }

    public companion object {
        private const val MOST_REDIRECTS = 10
        private const val MOST_AT_ONCE = 64
        private const val MOST_PORT = 65_535

        /** Everything as it is unless set. */
        @JvmField
        public val DEFAULT: MediaFetcher = Builder().build()

        @JvmStatic
        public fun builder(): Builder = Builder()

        private fun isHostLetter(c: Char) =
            c in 'a'..'z' || c in 'A'..'Z' || c in '0'..'9' || c == '.' || c == '-' || c == '_' || c == ':'
    }
}
