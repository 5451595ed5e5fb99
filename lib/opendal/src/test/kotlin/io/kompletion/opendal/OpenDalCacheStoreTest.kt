package io.kompletion.opendal

import io.kompletion.error.ConfigurationException
import io.kompletion.error.StateUnavailableException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.file.shouldExist
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import redis.embedded.RedisServer
import java.io.File
import java.net.ServerSocket
import java.time.Duration
import kotlin.random.Random

class OpenDalCacheStoreTest : FunSpec({
    val clock = MovedClock()
    val folders = tempdir()
    val redisPort = freePort()
    val redis = RedisServer.newRedisServer().port(redisPort).bind("127.0.0.1").setting("save \"\"").build()
    beforeSpec { redis.start() }
    afterSpec { redis.stop() }

    fun folder(): File = folders.resolve("s${System.nanoTime()}")

    fun fs(root: File, folder: String = OpenDalCacheStore.DEFAULT_FOLDER) =
        OpenDalCacheStore("fs", mapOf("root" to root.path), folder, clock = clock)

    fun redis(folder: String = "t${System.nanoTime()}/") =
        OpenDalCacheStore("redis", mapOf("endpoint" to "redis://127.0.0.1:$redisPort"), folder, clock = clock)

    val services = mapOf<String, () -> OpenDalCacheStore>(
        "memory" to { OpenDalCacheStore("memory", emptyMap(), clock = clock) },
        "fs" to { fs(folder()) },
        "redis" to { redis() },
    )

    for ((name, open) in services) {
        test("$name: gives back what was put, byte for byte, until it is removed") {
            open().use { store ->
                store.get(KEY).shouldBeNull()
                store.put(KEY, EVERY_BYTE, HOUR)
                store.put(OTHER, byteArrayOf(), HOUR)
                store.get(KEY) shouldBe EVERY_BYTE
                store.get(OTHER) shouldBe byteArrayOf()
                store.put(KEY, byteArrayOf(7), HOUR)
                store.get(KEY) shouldBe byteArrayOf(7)
                store.remove(KEY)
                store.remove(KEY)
                store.get(KEY).shouldBeNull()
                store.get(OTHER) shouldBe byteArrayOf()
            }
        }

        test("$name: forgets when the time is over, not before") {
            open().use { store ->
                store.put(KEY, EVERY_BYTE, HOUR)
                store.put(OTHER, EVERY_BYTE, Duration.ofSeconds(Long.MAX_VALUE))
                clock.pass(HOUR.minusMillis(1))
                store.get(KEY) shouldBe EVERY_BYTE
                clock.pass(Duration.ofMillis(1))
                store.get(KEY).shouldBeNull()
                store.get(OTHER) shouldBe EVERY_BYTE
                store.put(KEY, EVERY_BYTE, Duration.ZERO)
                store.get(KEY).shouldBeNull()
            }
        }

        test("$name: is empty after clear, and can be used again") {
            open().use { store ->
                store.clear()
                store.put(KEY, EVERY_BYTE, HOUR)
                store.put(OTHER, EVERY_BYTE, HOUR)
                store.clear()
                store.get(KEY).shouldBeNull()
                store.get(OTHER).shouldBeNull()
                store.put(KEY, byteArrayOf(1), HOUR)
                store.get(KEY) shouldBe byteArrayOf(1)
            }
        }

        test("$name: keeps 2 MB") {
            val large = Random(1).nextBytes(2_000_000)
            open().use { store ->
                store.put(KEY, large, HOUR)
                store.get(KEY) shouldBe large
            }
        }

        test("$name: says so when it is closed") {
            val store = open()
            store.put(KEY, EVERY_BYTE, HOUR)
            store.close()
            store.close()
            val failure = shouldThrow<StateUnavailableException> { store.get(KEY) }
            failure.code shouldBe "state.unavailable"
            failure.message shouldBe "The cache store $name is closed"
        }
    }

    test("two stores share a folder on disk") {
        val root = folder()
        fs(root).use { first ->
            fs(root).use { second ->
                first.put(KEY, EVERY_BYTE, HOUR)
                second.get(KEY) shouldBe EVERY_BYTE
                second.clear()
                first.get(KEY).shouldBeNull()
            }
        }
    }

    test("two stores share a Redis, and one clears for both") {
        val folder = "shared/"
        redis(folder).use { first ->
            redis(folder).use { second ->
                first.put(KEY, EVERY_BYTE, HOUR)
                second.get(KEY) shouldBe EVERY_BYTE
                second.clear()
                first.get(KEY).shouldBeNull()
                first.put(KEY, byteArrayOf(2), HOUR)
                second.get(KEY) shouldBe byteArrayOf(2)
            }
        }
    }

    test("clear leaves what is outside of the folder") {
        val root = folder().apply { mkdirs() }
        val foreign = root.resolve("mine.txt").apply { writeText("mine") }
        fs(root).use { store ->
            fs(root, "other/deep/").use { other ->
                store.put(KEY, EVERY_BYTE, HOUR)
                other.put(KEY, EVERY_BYTE, HOUR)
                store.clear()
                foreign.shouldExist()
                other.get(KEY) shouldBe EVERY_BYTE
                root.resolve("other/deep/$KEY").shouldExist()
            }
        }
        redis("one/").use { store ->
            redis("two/").use { other ->
                store.put(KEY, EVERY_BYTE, HOUR)
                other.put(KEY, EVERY_BYTE, HOUR)
                store.clear()
                other.get(KEY) shouldBe EVERY_BYTE
            }
        }
    }

    test("an expired entry is removed from the service when it is met") {
        val root = folder()
        val file = root.resolve("kompletion/$KEY")
        fs(root).use { store ->
            store.put(KEY, EVERY_BYTE, HOUR)
            file.shouldExist()
            clock.pass(HOUR)
            store.get(KEY).shouldBeNull()
            file.exists() shouldBe false
        }
    }

    test("what it has not written, or not to the end, is a miss and stays") {
        val root = folder()
        val file = root.resolve("kompletion/$KEY")
        fs(root).use { store ->
            store.put(KEY, EVERY_BYTE, HOUR)
            val whole = file.readBytes()
            val damaged = whole.copyOf().also { it[whole.lastIndex] = (it[whole.lastIndex] + 1).toByte() }
            val ofNextVersion = whole.copyOf().also { it[0] = 2 }
            val halves = whole.indices.map { whole.copyOf(it) }
            for (bytes in halves + listOf(damaged, ofNextVersion, "some other file".encodeToByteArray())) {
                file.writeBytes(bytes)
                store.get(KEY).shouldBeNull()
                file.readBytes() shouldBe bytes
            }
            file.writeBytes(whole)
            store.get(KEY) shouldBe EVERY_BYTE
        }
    }

    test("a key cannot leave the folder") {
        fs(folder()).use { store ->
            for (key in listOf("", "../x", "a/b", ".generation", "a\\b", "ä")) {
                shouldThrow<IllegalArgumentException> { store.get(key) }
                shouldThrow<IllegalArgumentException> { store.put(key, EVERY_BYTE, HOUR) }
                shouldThrow<IllegalArgumentException> { store.remove(key) }
            }
        }
    }

    test("a folder must be one") {
        for (folder in listOf("", "/", "x", "../", "a//b/", "/a/", "a/./")) {
            shouldThrow<ConfigurationException> { OpenDalCacheStore("memory", emptyMap(), folder) }
        }
    }

    test("an unknown service is refused with its name") {
        shouldThrow<ConfigurationException> { OpenDalCacheStore("nosuch", mapOf("key" to CANARY)) }.message
            .orEmpty().also { it shouldContain "\"nosuch\"" } shouldNotContain CANARY
    }

    test("settings that cannot work are refused with the scheme and without their values") {
        val wrong = mapOf(
            "fs" to mapOf("password" to CANARY),
            "s3" to mapOf("secret_access_key" to CANARY),
            "redis" to mapOf("endpoint" to "redis://localhost", "default_ttl" to CANARY),
            "mysql" to mapOf("connection_string" to CANARY),
            "azblob" to mapOf("endpoint" to CANARY, "account_key" to CANARY),
        )
        for ((scheme, config) in wrong) {
            val failure = shouldThrow<ConfigurationException> { OpenDalCacheStore(scheme, config) }
            failure.message.orEmpty() shouldContain "cache store $scheme"
            for (name in config.keys) failure.message.orEmpty() shouldContain name
            failure.stackTraceToString() shouldNotContain CANARY
        }
    }

    test("what OpenDAL complains about is passed on when it tells no value") {
        shouldThrow<ConfigurationException> { OpenDalCacheStore("fs", emptyMap()) }.message shouldContain
            "root is not specified"
    }

    test("a service that only reads is no cache store") {
        val failure = shouldThrow<ConfigurationException> {
            OpenDalCacheStore("http", mapOf("endpoint" to "http://127.0.0.1:1"))
        }
        failure.message shouldContain "The service http cannot read, write and delete"
    }

    test("a service that does not answer costs the timeout and no more") {
        val settings = mapOf("endpoint" to "redis://127.0.0.1:${freePort()}", "password" to CANARY)
        val limit = Duration.ofMillis(200)
        OpenDalCacheStore("redis", settings, timeout = limit).use { store ->
            val calls = listOf<suspend () -> Unit>(
                { store.get(KEY) },
                { store.put(KEY, EVERY_BYTE, HOUR) },
                { store.remove(KEY) },
            )
            for (call in calls) {
                val failure = shouldThrow<StateUnavailableException> { call() }
                failure.code shouldBe "state.unavailable"
                failure.message shouldContain "within 200 ms"
                failure.stackTraceToString() shouldNotContain CANARY
            }
        }
    }

    test("what the service refuses is a StateUnavailableException") {
        val root = folder().apply { mkdirs() }
        root.resolve("kompletion").writeText("a file where the folder should be")
        fs(root).use { store ->
            val failure = shouldThrow<StateUnavailableException> { store.put(KEY, EVERY_BYTE, HOUR) }
            failure.code shouldBe "state.unavailable"
            failure.message shouldContain "The cache store fs could not write: "
            failure.message.orEmpty() shouldNotContain root.path
        }
    }
}) {
    private companion object {
        const val CANARY = "canary-5f1c"
        val KEY = "0123456789abcdef".repeat(4)
        val OTHER = "fedcba9876543210".repeat(4)
        val HOUR: Duration = Duration.ofHours(1)
        val EVERY_BYTE = ByteArray(256) { it.toByte() }

        fun freePort(): Int = ServerSocket(0).use { it.localPort }
    }
}
