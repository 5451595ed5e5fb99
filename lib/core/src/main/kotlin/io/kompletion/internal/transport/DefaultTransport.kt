package io.kompletion.internal.transport

import io.kompletion.error.ConfigurationException
import io.kompletion.transport.HttpTransport
import io.kompletion.transport.HttpTransportFactory
import io.kompletion.transport.ProxySettings
import io.kompletion.transport.TransportSettings
import java.util.ServiceLoader

/** The transport of one client: the one it was given, or the best on the class path, made at the first call. */
internal class DefaultTransport(
    private val given: HttpTransport?,
    private val proxy: ProxySettings?,
    private val fallback: () -> HttpTransportFactory,
) : AutoCloseable {
    private val lock = Any()
    private var own: HttpTransport? = null
    private var closed = false

    fun get(): HttpTransport = given ?: own()

    private fun own(): HttpTransport = synchronized(lock) {
        check(!closed) { "the client is closed" }
        own ?: made().also { own = it }
    }

    private fun made(): HttpTransport = try {
        best().create(TransportSettings(proxy))
    } catch (e: NoClassDefFoundError) {
        // Of a transport that is there, what is missing is its own affair.
        if (e.message?.contains("ktor") != true) throw e
        throw ConfigurationException(
            "there is no transport: put kompletion-okhttp on the class path or the jars of Ktor that come with " +
                "kompletion, or set one with transport(…)",
            cause = e,
        )
    }

    /** The loader of this library first: an app's context class loader may not see the transport beside it. */
    private fun best(): HttpTransportFactory =
        ServiceLoader.load(HttpTransportFactory::class.java, HttpTransportFactory::class.java.classLoader)
            .maxByOrNull { it.priority }
            ?.takeIf { it.priority >= 0 }
            ?: fallback()

    override fun close() = synchronized(lock) {
        closed = true
        own?.close()
        Unit
    }
}
