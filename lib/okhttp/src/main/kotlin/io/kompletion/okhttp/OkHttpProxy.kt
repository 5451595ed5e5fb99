package io.kompletion.okhttp

import io.kompletion.error.ConfigurationException
import io.kompletion.transport.ProxySettings
import okhttp3.Authenticator
import okhttp3.Credentials
import okhttp3.OkHttpClient
import java.io.IOException
import java.net.InetSocketAddress
import java.net.Proxy
import java.net.ProxySelector
import java.net.SocketAddress
import java.net.URI

internal const val PROXY_AUTHORIZATION = "Proxy-Authorization"

/** Sends what [settings] applies to through that proxy and the rest directly. */
internal fun OkHttpClient.Builder.through(settings: ProxySettings) {
    if (settings.kind == ProxySettings.Kind.SOCKS && settings.credentials != null) {
        throw ConfigurationException(
            "Credentials for the SOCKS proxy ${settings.host}:${settings.port} cannot be set for one client; " +
                "use java.net.Authenticator or an HTTP proxy",
        )
    }
    proxySelector(FixedProxy(settings))
    val authorization = settings.authorization() ?: return
    proxyAuthenticator(
        Authenticator { _, challenge ->
            val refused = challenge.request.header(PROXY_AUTHORIZATION) != null
            if (refused) null else challenge.request.newBuilder().header(PROXY_AUTHORIZATION, authorization).build()
        },
    )
}

/** The value of `Proxy-Authorization`, or null without credentials. */
internal fun ProxySettings.authorization(): String? = credentials?.reveal()?.let { userAndPassword ->
    Credentials.basic(userAndPassword.substringBefore(':'), userAndPassword.substringAfter(':', ""), Charsets.UTF_8)
}

private class FixedProxy(private val settings: ProxySettings) : ProxySelector() {
    private val type = if (settings.kind == ProxySettings.Kind.SOCKS) Proxy.Type.SOCKS else Proxy.Type.HTTP
    private val proxied = listOf(Proxy(type, InetSocketAddress.createUnresolved(settings.host, settings.port)))
    private val direct = listOf(Proxy.NO_PROXY)

    override fun select(uri: URI): List<Proxy> = if (settings.appliesTo(uri.host ?: "")) proxied else direct

    override fun connectFailed(uri: URI, address: SocketAddress, failure: IOException) = Unit
}
