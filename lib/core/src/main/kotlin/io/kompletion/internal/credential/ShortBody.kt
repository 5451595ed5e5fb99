package io.kompletion.internal.credential

import io.kompletion.transport.WireResponse
import java.io.ByteArrayOutputStream

/** Answers of servers that give credentials: short texts, of which no more than 64 KiB are read. */
internal object ShortBody {
    suspend fun text(response: WireResponse): String {
        val gathered = ByteArrayOutputStream()
        val buffer = ByteArray(BUFFER_BYTES)
        while (gathered.size() < MOST_BYTES) {
            val count = response.read(buffer, 0, buffer.size)
            if (count < 0) break
            gathered.write(buffer, 0, count)
        }
        return gathered.toString(Charsets.UTF_8.name())
    }

    private const val BUFFER_BYTES = 8 shl 10
    private const val MOST_BYTES = 64 shl 10
}
