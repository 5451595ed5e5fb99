package io.kompletion.java.fault

import io.kompletion.okhttp.OkHttpTransport
import io.kompletion.okhttp.OkHttpTransportFactory
import io.kompletion.transport.HttpTransport
import io.kompletion.transport.TransportSettings
import io.kompletion.transport.ktor.KtorTransportFactory
import io.kompletion.transport.ktor.KtorTransports
import io.ktor.client.engine.HttpClientEngine
import io.ktor.client.engine.java.Java
import okhttp3.OkHttpClient
import javax.net.ssl.SSLContext
import javax.net.ssl.X509TrustManager
import io.ktor.client.engine.cio.CIO as CioEngine

/**
 * The transports of the matrix. The library's own settings everywhere; where a server has a certificate of a fault's
 * authority, the engine below is told to trust it, as its users would.
 *
 * @property title the name that the transport gives itself, by which faults know it
 */
internal enum class FaultTransport(val title: String) {
    CIO("ktor-cio") {
        override fun create(trust: X509TrustManager?): OwnedTransport {
            if (trust == null) return OwnedTransport(KtorTransportFactory().create(TransportSettings.DEFAULT))
            return onEngine(CioEngine.create { https { trustManager = trust } })
        }
    },
    OKHTTP("okhttp") {
        override fun create(trust: X509TrustManager?): OwnedTransport {
            if (trust == null) return OwnedTransport(OkHttpTransportFactory().create(TransportSettings.DEFAULT))
            val client = OkHttpClient.Builder().sslSocketFactory(contextOf(trust).socketFactory, trust).build()
            return OwnedTransport(OkHttpTransport(client)) { client.connectionPool.evictAll() }
        }
    },
    JAVA("ktor-java") {
        override fun create(trust: X509TrustManager?): OwnedTransport =
            onEngine(Java.create { trust?.let { config { sslContext(contextOf(it)) } } })
    }, ;

    abstract fun create(trust: X509TrustManager?): OwnedTransport

    override fun toString(): String = title

    companion object {
        private fun onEngine(engine: HttpClientEngine) = OwnedTransport(KtorTransports.of(engine), engine::close)

        private fun contextOf(trust: X509TrustManager): SSLContext =
            SSLContext.getInstance("TLS").apply { init(null, arrayOf(trust), null) }
    }
}

/** A transport that closes what it was made on. */
internal class OwnedTransport(private val transport: HttpTransport, private val closeMore: () -> Unit = {}) :
    HttpTransport by transport {
    override fun close() {
        transport.close()
        closeMore()
    }
}
