package io.kompletion.transport

import io.kompletion.error.ConnectionException
import io.kompletion.error.ConnectionException.Kind
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import java.io.EOFException
import java.io.IOException
import java.net.ConnectException
import java.net.SocketException
import java.net.UnknownHostException
import java.nio.channels.UnresolvedAddressException
import javax.net.ssl.SSLException

class TransportFailuresTest : FunSpec({
    val request = WireRequest("POST", "https://nope.invalid/v1", WireHeaders.EMPTY, ByteArray(0))

    for ((cause, kind) in listOf(
        UnknownHostException("nope") to Kind.DNS,
        IOException(UnresolvedAddressException()) to Kind.DNS,
        ConnectException().initCause(ConnectException().initCause(UnresolvedAddressException())) to Kind.DNS,
        ConnectException("refused") to Kind.REFUSED,
        SSLException("no trust") to Kind.TLS,
        SSLException("broken", SocketException("reset")) to Kind.RESET,
        IOException(EOFException()) to Kind.RESET,
        IllegalStateException("what") to Kind.OTHER,
    )) {
        test("$cause caused by ${cause.cause} is $kind") {
            TransportFailures.of(request, cause).shouldBeInstanceOf<ConnectionException>().kind shouldBe kind
        }
    }
})
