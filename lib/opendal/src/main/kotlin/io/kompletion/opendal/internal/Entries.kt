package io.kompletion.opendal.internal

import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import java.nio.ByteBuffer
import java.util.concurrent.ThreadLocalRandom

/**
 * All entries of a folder together. Where a service cannot list them, they belong to a generation, a number that is
 * noted in the folder; to clear it is to begin another one.
 */
internal class Entries(private val service: Service, private val folder: Folder) {
    /** The value at [path]. One that has expired, or was cleared, is removed and counts as none. */
    suspend fun find(path: String, nowMillis: Long): ByteArray? = coroutineScope {
        val generation = async(start = CoroutineStart.UNDISPATCHED) { generation() }
        val entry = service.read(path)?.let(Entry::decode)
        val today = generation.await()
        when {
            entry == null -> null

            entry.generation == today && nowMillis < entry.expiresAtMillis -> entry.value

            else -> {
                service.delete(path)
                null
            }
        }
    }

    suspend fun store(path: String, value: ByteArray, expiresAtMillis: Long) {
        service.write(path, Entry(expiresAtMillis, generation(), value).encode())
    }

    suspend fun clear() {
        if (service.canList) return service.deleteAll(folder.path)
        // Random, so that no two stores that clear at once begin the same one, and none comes back.
        val next = ThreadLocalRandom.current().nextLong()
        service.write(folder.generation, ByteBuffer.allocate(Long.SIZE_BYTES).putLong(next).array())
    }

    private suspend fun generation(): Long {
        if (service.canList) return FIRST
        val note = service.read(folder.generation)?.takeIf { it.size == Long.SIZE_BYTES } ?: return FIRST
        return ByteBuffer.wrap(note).getLong()
    }

    private companion object {
        /** The generation before anything was cleared. */
        const val FIRST = 0L
    }
}
