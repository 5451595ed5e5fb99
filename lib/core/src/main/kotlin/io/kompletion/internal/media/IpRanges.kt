package io.kompletion.internal.media

import java.net.Inet4Address
import java.net.Inet6Address
import java.net.InetAddress

/**
 * Which addresses lie on the public Internet, by the registries of IANA for special-purpose addresses of
 * [IPv4](https://www.iana.org/assignments/iana-ipv4-special-registry) and
 * [IPv6](https://www.iana.org/assignments/iana-ipv6-special-registry).
 */
internal object IpRanges {
    /** What [address] is when it must not be reached, e.g. `loopback`; null when it may be. */
    fun refusal(address: InetAddress, allowPrivate: Boolean): String? = when (address) {
        is Inet4Address -> refusal4(address.address, allowPrivate)
        is Inet6Address -> refusal6(address.address, allowPrivate)
        else -> "unknown"
    }

    private fun refusal4(bytes: ByteArray, allowPrivate: Boolean): String? {
        if (AZURE.contains(bytes)) return "metadata"
        val range = V4.firstOrNull { it.contains(bytes) } ?: return null
        return range.name.takeUnless { allowPrivate && range.isPrivate }
    }

    private fun refusal6(bytes: ByteArray, allowPrivate: Boolean): String? {
        if (METADATA6.any { it.contains(bytes) }) return "metadata"
        if (MAPPED.contains(bytes) || NAT64.contains(bytes)) {
            return refusal4(bytes.copyOfRange(12, 16), allowPrivate)
        }
        V6.firstOrNull { it.contains(bytes) }?.let { range ->
            return range.name.takeUnless { allowPrivate && range.isPrivate }
        }
        return if (GLOBAL.contains(bytes)) null else "reserved"
    }

    private class Range(val name: String, val prefix: ByteArray, val bits: Int, val isPrivate: Boolean) {
        fun contains(bytes: ByteArray): Boolean {
            val whole = bits / BYTE
            for (i in 0 until whole) if (bytes[i] != prefix[i]) return false
            val rest = bits % BYTE
            if (rest == 0) return true
            val mask = 0xFF shl (BYTE - rest) and 0xFF
            return bytes[whole].toInt() and mask == prefix[whole].toInt() and mask
        }
    }

    private const val BYTE = 8

    /** [text] is a literal, so nothing is looked up; a mapped address would become one of IPv4 and has its own bytes. */
    private fun range(text: String, name: String, isPrivate: Boolean = false): Range = Range(
        name,
        InetAddress.getByName(text.substringBefore('/')).address,
        text.substringAfter('/').toInt(),
        isPrivate,
    )

    private val V4 = listOf(
        range("0.0.0.0/8", "unspecified"),
        range("10.0.0.0/8", "private", isPrivate = true),
        range("100.64.0.0/10", "shared", isPrivate = true),
        range("127.0.0.0/8", "loopback", isPrivate = true),
        range("169.254.0.0/16", "link-local"),
        range("172.16.0.0/12", "private", isPrivate = true),
        range("192.0.0.0/24", "reserved"),
        range("192.0.2.0/24", "documentation"),
        range("192.88.99.0/24", "6to4 relay"),
        range("192.168.0.0/16", "private", isPrivate = true),
        range("198.18.0.0/15", "benchmark"),
        range("198.51.100.0/24", "documentation"),
        range("203.0.113.0/24", "documentation"),
        range("224.0.0.0/4", "multicast"),
        range("240.0.0.0/4", "reserved"),
    )

    /** Serves the secrets of virtual machines on Azure from an address that is otherwise public; 100.100.100.200 is Alibaba's. */
    private val AZURE = range("168.63.129.16/32", "metadata")
    private val GLOBAL = range("2000::/3", "global")
    private val NAT64 = range("64:ff9b::/96", "NAT64")
    private val MAPPED =
        Range("mapped", ByteArray(16).also { it.fill(-1, fromIndex = 10, toIndex = 12) }, bits = 96, isPrivate = false)

    /** Metadata services of AWS, Google Cloud and Scaleway. */
    private val METADATA6 = listOf(
        range("fd00:ec2::/32", "metadata"),
        range("fd20:ce::/32", "metadata"),
        range("fd00:42::/32", "metadata"),
    )

    /** 6to4 and Teredo hold an address of IPv4 that a tunnel leads to; nobody serves media from there. */
    private val V6 = listOf(
        range("::/128", "unspecified"),
        range("::1/128", "loopback", isPrivate = true),
        range("fc00::/7", "private", isPrivate = true),
        range("fe80::/10", "link-local"),
        range("ff00::/8", "multicast"),
        range("2001::/32", "Teredo"),
        range("2001::/23", "reserved"),
        range("2001:db8::/32", "documentation"),
        range("2002::/16", "6to4"),
        range("3fff::/20", "documentation"),
    )
}
