@file:JvmName("CacheStoreContract")

package io.kompletion.testkit.contract

import io.kompletion.store.CacheStore
import io.kotest.core.factory.TestFactory
import io.kotest.core.spec.style.funSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import java.time.Duration
import java.util.UUID
import kotlin.random.Random

/**
 * What every [CacheStore] has to do, as a test factory. All keys are fresh, so [create] may give the same store each time;
 * it is cleared, though. Who gives a new one closes it.
 */
public fun cacheStoreContract(name: String, time: StoreTime, create: suspend () -> CacheStore): TestFactory = funSpec {
    context(name) {
        test("what was never put is not there") {
            create().get(freshKey()).shouldBeNull()
        }

        for ((kind, value) in values) {
            test("$kind come back as they were") {
                val store = create()
                val key = freshKey()
                store.put(key, value, LONG)
                store.get(key).shouldNotBeNull() shouldBe value
            }
        }

        test("the last value counts, under its key alone") {
            val store = create()
            val key = freshKey()
            val other = freshKey()
            store.put(key, byteArrayOf(1, 2, 3), LONG)
            store.put(other, byteArrayOf(9), LONG)
            store.put(key, byteArrayOf(4), LONG)
            store.get(key) shouldBe byteArrayOf(4)
            store.get(other) shouldBe byteArrayOf(9)
        }

        test("a value is there for its time, and a new one begins it anew") {
            val store = create()
            val short = freshKey()
            val renewed = freshKey()
            store.put(short, byteArrayOf(1), time.window)
            store.put(renewed, byteArrayOf(1), time.window)
            time.pass(time.part(0.5))
            store.get(short).shouldNotBeNull()
            store.put(renewed, byteArrayOf(2), time.window)
            time.passWindows(0.55)
            store.get(short).shouldBeNull()
            store.get(renewed) shouldBe byteArrayOf(2)
            time.passWindows(0.5)
            store.get(renewed).shouldBeNull()
        }

        test("what was removed is gone, and nothing else") {
            val store = create()
            val key = freshKey()
            val other = freshKey()
            store.put(key, byteArrayOf(1), LONG)
            store.put(other, byteArrayOf(2), LONG)
            store.remove(key)
            store.remove(freshKey())
            store.get(key).shouldBeNull()
            store.get(other).shouldNotBeNull()
        }

        test("clearing leaves nothing, and the store goes on") {
            val store = create()
            val keys = List(300) { freshKey() }
            for (key in keys) store.put(key, byteArrayOf(1), LONG)
            store.clear()
            for (key in keys) store.get(key).shouldBeNull()
            store.put(keys[0], byteArrayOf(2), LONG)
            store.get(keys[0]) shouldBe byteArrayOf(2)
            store.clear()
        }

        test("many callers at once each get what they put") {
            val store = create()
            coroutineScope {
                repeat(200) { index ->
                    launch(Dispatchers.Default) {
                        val key = freshKey()
                        val value = "value $index".encodeToByteArray()
                        store.put(key, value, LONG)
                        store.get(key) shouldBe value
                    }
                }
            }
        }
    }
}

private val LONG: Duration = Duration.ofHours(1)

private val values = mapOf(
    "no bytes" to ByteArray(0),
    "all bytes that there are" to ByteArray(256) { it.toByte() },
    "a million bytes" to Random(7).nextBytes(1_000_000),
)

/** 64 hexadecimal digits. */
private fun freshKey(): String = "${UUID.randomUUID()}${UUID.randomUUID()}".replace("-", "")
