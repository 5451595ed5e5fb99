package io.kompletion.opendal

import io.kompletion.error.ConfigurationException
import io.kompletion.store.CacheStoreFactory
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.file.shouldExist
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeInstanceOf
import org.apache.opendal.Environment
import java.io.File
import java.lang.reflect.InvocationTargetException
import java.net.URLClassLoader
import java.time.Duration
import java.util.ServiceLoader

class OpenDalCacheStoreFactoryTest : FunSpec({
    val factory = ServiceLoader.load(CacheStoreFactory::class.java).single()
    val folder = tempdir()

    test("is found by the service loader and makes a store that works") {
        factory.create("memory", emptyMap()).shouldBeInstanceOf<OpenDalCacheStore>().use { store ->
            store.put("k", byteArrayOf(1), Duration.ofHours(1))
            store.get("k") shouldBe byteArrayOf(1)
        }
    }

    test("does not know what OpenDAL does not know") {
        factory.create("nosuch", emptyMap()).shouldBeNull()
    }

    test("settings that cannot work are an error, not an unknown service") {
        shouldThrow<ConfigurationException> { factory.create("fs", emptyMap()) }
    }

    test("takes the folder and the timeout among the settings") {
        val settings = mapOf("root" to folder.path, "kompletion.folder" to "mine/", "kompletion.timeout" to "0.5")
        factory.create("fs", settings).shouldBeInstanceOf<OpenDalCacheStore>().use { store ->
            store.put("k", byteArrayOf(1), Duration.ofHours(1))
            folder.resolve("mine/k").shouldExist()
        }
        for (timeout in listOf("", "0", "-1", "soon", "1e9", "1e-12")) {
            shouldThrow<ConfigurationException> { factory.create("memory", mapOf("kompletion.timeout" to timeout)) }
                .message shouldContain "kompletion.timeout"
        }
        shouldThrow<ConfigurationException> { factory.create("memory", mapOf("kompletion.folder" to "../")) }
    }

    // In a loader of their own the classes are not those that the native threads would find.
    test("names the jar that is missing when the native library is not there") {
        val platform = Environment.getClassifier()
        create(classPath { !it.name.endsWith("-$platform.jar") }) shouldBe
            "io.kompletion.error.ConfigurationException: The native library of OpenDAL is missing: add " +
            "org.apache.opendal:opendal:${Environment.getVersion()} with the classifier $platform to the class path"
    }

    test("refuses to hang in a class loader that the native threads do not know") {
        create(classPath { true }) shouldContain "must be loaded by the application's class loader"
    }
}) {
    private companion object {
        /** That of the tests, as far as it is wanted. */
        fun classPath(wanted: (File) -> Boolean): List<File> =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                .split(File.pathSeparator).map(::File).filter(wanted)

        /** What making a store in a class loader of its own fails with, every time. */
        fun create(classPath: List<File>): String {
            val urls = classPath.map { it.toURI().toURL() }.toTypedArray()
            return URLClassLoader(urls, ClassLoader.getPlatformClassLoader()).use { loader ->
                val type = loader.loadClass(OpenDalCacheStoreFactory::class.java.name)
                val factory = type.getConstructor().newInstance()
                val create = type.getMethod("create", String::class.java, Map::class.java)
                List(2) {
                    val thrown = shouldThrow<InvocationTargetException> {
                        create.invoke(factory, "memory", emptyMap<String, String>())
                    }
                    thrown.cause.toString()
                }.distinct().joinToString(" AND ")
            }
        }
    }
}
