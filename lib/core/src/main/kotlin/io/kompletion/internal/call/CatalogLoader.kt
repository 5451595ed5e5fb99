package io.kompletion.internal.call

import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import io.kompletion.error.UnexpectedResponseException
import io.kompletion.internal.price.Catalog
import io.kompletion.internal.price.CatalogJson
import io.kompletion.policy.Timeouts
import io.kompletion.transport.HttpTransport
import io.kompletion.transport.WireHeaders
import io.kompletion.transport.WireRequest
import java.io.ByteArrayOutputStream
import java.io.InputStream
import java.net.URI
import java.net.URISyntaxException

/** Brings models into the catalogue of a client while it runs; what is wrong with them leaves it as it was. */
internal class CatalogLoader(
    private val catalog: Catalog,
    private val transport: () -> HttpTransport,
    private val timeouts: Timeouts,
    private val life: ClientLife,
    private val time: CallTime,
    private val allowInsecure: Boolean,
) {
    fun load(source: InputStream, what: String): Int {
        val gathered = ByteArrayOutputStream()
        val buffer = ByteArray(BUFFER_BYTES)
        while (true) {
            val count = source.read(buffer)
            if (count < 0) break
            gathered.write(buffer, 0, count)
            if (gathered.size() > MOST_BYTES) throw wrong("$what is larger than $MOST_BYTES bytes")
        }
        return load(gathered.toString(Charsets.UTF_8.name()), what)
    }

    suspend fun fetch(url: String): Int {
        life.checkOpen()
        val address = checked(url)
        val limits = CallClocks.Limits(null, timeouts.idle, timeouts.total, timeouts.total)
        val text = CallClocks.run(life, time, limits) { clocks -> text(address, clocks) }
        return load(text, address.substringBefore('?'))
    }

    private suspend fun text(address: String, clocks: CallClocks): String {
        val request = WireRequest("GET", address, HEADERS, connectTimeout = timeouts.connect)
        transport().open(request).use { response ->
            if (response.status !in 200..299) throw unexpected("status", "HTTP ${response.status}, no models")
            val body = BodySource(response, clocks)
            val gathered = ByteArrayOutputStream()
            while (true) {
                val count = body.read()
                if (count == BodySource.END) break
                gathered.write(body.buffer, 0, count)
                if (gathered.size() > MOST_BYTES) throw unexpected("limit.bytes", "more than $MOST_BYTES bytes")
            }
            return gathered.toString(Charsets.UTF_8.name())
        }
    }

    private fun load(text: String, what: String): Int {
        val document = CatalogJson.document(text.removePrefix(BYTE_ORDER_MARK), what)
        catalog.load(document)
        return document.models.size
    }

    private fun checked(url: String): String {
        val uri = try {
            URI(url.trim())
        } catch (_: URISyntaxException) {
            throw wrong("the address of the models is no URL; write it like https://host/models.json")
        }
        when {
            uri.host == null || uri.scheme == null ->
                throw wrong(
                    "the address of the models has no scheme or no host; write it like https://host/models.json",
                )

            uri.rawUserInfo != null -> throw wrong("the address of the models holds credentials; none are sent")

            uri.scheme.equals("http", true) && !allowInsecure -> throw wrong(
                "models come over https, because anybody on the way could change prices; " +
                    "or say modelCatalog { allowInsecure = true }",
            )

            !uri.scheme.equals("https", true) && !uri.scheme.equals("http", true) ->
                throw wrong("the address of the models must be https, got ${ErrorDetails.printable(uri.scheme, SHOWN)}")
        }
        return uri.toString().substringBefore('#')
    }

    private fun wrong(message: String) = ConfigurationException(message, ErrorDetails.builder().param("models").build())

    private fun unexpected(code: String, what: String) =
        UnexpectedResponseException("the models could not be fetched: $what", ErrorDetails.builder().code(code).build())

    private companion object {
        const val MOST_BYTES = 16 shl 20
        const val BUFFER_BYTES = 16 shl 10
        const val SHOWN = 40
        const val BYTE_ORDER_MARK = "\uFEFF"
        val HEADERS: WireHeaders = WireHeaders.builder().set("accept", "application/json").build()
    }
}
