package io.kompletion.internal.media

import io.kompletion.error.MediaFetchException.Kind
import io.kompletion.policy.MediaFetcher
import java.net.InetAddress
import java.net.UnknownHostException

/** What is known of a host before its name is resolved. */
internal object HostRules {
    /**
     * The address that [host] spells, or null when it is a name. Programs read `0177.0.0.1`, `0x7f.1` and `2130706433`
     * differently, so that numbers in any other form than `a.b.c.d` are refused.
     */
    fun literal(host: String): InetAddress? {
        if (':' in host) {
            if ('%' in host) refuse(host, "names an interface of this machine")
            return try {
                InetAddress.getByName(host)
            } catch (_: UnknownHostException) {
                refuse(host, "is no address")
            }
        }
        val last = host.substringAfterLast('.')
        val isNumber = last.isNotEmpty() && (last.all { it in '0'..'9' } || last.startsWith("0x"))
        if (!isNumber) return null
        val parts = host.split('.')
        val isPlain = parts.size == 4 && parts.all { part ->
            part.length in 1..3 && part.all { it in '0'..'9' } && part.toInt() <= 255 && (part == "0" || part[0] != '0')
        }
        if (!isPlain) refuse(host, "is an address in an unusual spelling; write it as a.b.c.d")
        return InetAddress.getByAddress(ByteArray(4) { parts[it].toInt().toByte() })
    }

    fun check(host: String, literal: InetAddress?, rules: MediaFetcher) {
        if (host.isEmpty()) refuse(host, "is empty")
        if (rules.deniedHosts.any { matches(host, it) }) refuse(host, "is denied")
        if (rules.allowedHosts.isNotEmpty() && rules.allowedHosts.none { matches(host, it) }) {
            refuse(host, "is not among the allowed hosts")
        }
        if (literal != null) {
            IpRanges.refusal(literal, rules.allowPrivateAddresses)?.let { refuse(host, "is a $it address") }
            return
        }
        if (isBelow(host, METADATA)) refuse(host, "is a name of a metadata service")
        if (!rules.allowPrivateAddresses && ('.' !in host || isBelow(host, LOCAL))) {
            refuse(host, "is a name of a machine or a local network")
        }
    }

    private fun matches(host: String, rule: String): Boolean {
        val name = rule.lowercase().removeSuffix(".")
        return if (name.startsWith(".")) host.endsWith(name) else host == name
    }

    private fun isBelow(host: String, names: Set<String>): Boolean =
        names.any { host == it || (host.endsWith(it) && host[host.length - it.length - 1] == '.') }

    private fun refuse(host: String, why: String): Nothing =
        throw FetchFailure(Kind.ADDRESS, "host ${FetchAddress.shown(host)} $why")

    private val METADATA = setOf(
        "metadata",
        "metadata.google.internal",
        "metadata.goog",
        "instance-data",
        "instance-data.ec2.internal",
    )
    private val LOCAL = setOf(
        "localhost",
        "local",
        "internal",
        "localdomain",
        "home.arpa",
        "lan",
        "home",
        "corp",
        "intranet",
        "private",
        "svc",
    )
}
