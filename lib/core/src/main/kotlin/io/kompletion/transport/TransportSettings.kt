package io.kompletion.transport

import io.kompletion.Secret

/**
 * What a transport needs to know before the first call.
 *
 * @property proxy where to send requests instead of directly; null means the JVM's own `ProxySelector`
 */
public class TransportSettings @JvmOverloads constructor(public val proxy: ProxySettings? = null) {
    public companion object {
        /** The JVM's proxy selector, nothing else. */
        @JvmField
        public val DEFAULT: TransportSettings = TransportSettings()
    }
}

/**
 * A forward proxy.
 *
 * @property kind HTTP (with CONNECT for https) or SOCKS; a transport that cannot speak SOCKS refuses it with a
 *   `ConfigurationException` instead of going direct
 * @property noProxy host names, or suffixes beginning with a dot, that are reached directly
 * @property credentials `user:password` for the proxy, never sent to the origin
 */
public class ProxySettings @JvmOverloads constructor(
    public val kind: Kind,
    public val host: String,
    public val port: Int,
    public val noProxy: Set<String> = emptySet(),
    public val credentials: Secret? = null,
) {
    init {
        require(host.isNotBlank()) { "proxy host is blank" }
        require(port in 1..65535) { "proxy port must be in 1..65535, got $port" }
    }

    /** Whether [target] goes through this proxy. */
    public fun appliesTo(target: String): Boolean = noProxy.none { rule ->
        if (rule.startsWith(".")) target.endsWith(rule, ignoreCase = true) else target.equals(rule, ignoreCase = true)
    }

    override fun toString(): String = "ProxySettings($kind $host:$port)"

    public enum class Kind { HTTP, SOCKS }
}
