package io.kompletion.java;

import io.kompletion.okhttp.OkHttpTransportFactory;
import io.kompletion.transport.HttpTransport;
import io.kompletion.transport.HttpTransportFactory;
import io.kompletion.transport.TransportSettings;
import io.kompletion.transport.ktor.KtorTransportFactory;

/** The transports that every suite runs on. */
enum Transports {
    KTOR_CIO(new KtorTransportFactory()),
    OKHTTP(new OkHttpTransportFactory());

    private final HttpTransportFactory factory;

    Transports(HttpTransportFactory factory) {
        this.factory = factory;
    }

    HttpTransport create() {
        return factory.create(TransportSettings.DEFAULT);
    }
}
