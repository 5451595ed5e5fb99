package io.kompletion.okhttp

import io.kompletion.Kompletion
import io.kompletion.testkit.FakeProviders
import io.kompletion.testkit.FakeReply
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import java.io.File
import java.lang.reflect.InvocationTargetException
import java.net.URLClassLoader

/** Runs on a class path of its own, so that it must name nothing of the tests' libraries. */
object LeanCall {
    @JvmStatic
    fun answers(baseUrl: String): String = runBlocking {
        Kompletion { provider("openai") { apiKey("sk-any").baseUrl(baseUrl) } }.use { llm ->
            val whole = llm.chat("openai/gpt-5-mini") { user("Hello") }.content
            val chunks = llm.chatStream("openai/gpt-5-mini") { user("Hello") }.toList()
            "$whole, ${chunks.size} chunks"
        }
    }
}

/** What comes with `kompletion-okhttp` alone: this library, OkHttp, and nothing of Ktor. */
class WithoutKtorTest : FunSpec({
    val jars = File("target/runtime-classpath.txt").readText().trim().split(File.pathSeparator).map(::File)
    val own = listOf(File("target/classes"), File("target/test-classes"))

    fun <T> on(classPath: List<File>, run: (Class<*>) -> T): T =
        URLClassLoader(classPath.map { it.toURI().toURL() }.toTypedArray(), ClassLoader.getPlatformClassLoader()).use {
            run(it.loadClass(LeanCall::class.java.name))
        }

    fun Class<*>.answers(baseUrl: String): Any? = try {
        getMethod("answers", String::class.java).invoke(null, baseUrl)
    } catch (e: InvocationTargetException) {
        throw e.targetException
    }

    test("chats, whole and streamed") {
        FakeProviders.start().use { fakes ->
            val openAi = fakes.openAi()
            openAi.enqueue(FakeReply.text("Hello."), FakeReply.textDeltas("one ", "two"))
            on(jars + own) { call ->
                shouldThrow<ClassNotFoundException> { call.classLoader.loadClass("io.ktor.client.HttpClient") }
                call.answers(openAi.baseUrl) shouldBe "Hello., 5 chunks"
            }
        }
    }

    test("and without OkHttp either, the error says what is missing") {
        on(jars.filter { "okhttp" !in it.name } + own.last()) { call ->
            val failure = shouldThrow<Exception> { call.answers("http://127.0.0.1:9/v1") }
            failure.javaClass.simpleName shouldBe "ConfigurationException"
            failure.message shouldContain "there is no transport: put kompletion-okhttp on the class path"
        }
    }
})
