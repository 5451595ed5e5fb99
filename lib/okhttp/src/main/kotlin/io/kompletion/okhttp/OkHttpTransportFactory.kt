package io.kompletion.okhttp

import io.kompletion.transport.HttpTransport
import io.kompletion.transport.HttpTransportFactory
import io.kompletion.transport.TransportSettings

/** Makes [OkHttpTransport] the default of every client as soon as `kompletion-okhttp` is on the class path. */
public class OkHttpTransportFactory : HttpTransportFactory {
    override val priority: Int get() = 100

    override fun create(settings: TransportSettings): HttpTransport = OkHttpTransport(settings)
}
