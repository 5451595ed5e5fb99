package io.kompletion.internal.call

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.error.ConfigurationException
import io.kompletion.error.ConnectionException
import io.kompletion.error.StreamInterruptedException
import io.kompletion.error.TimeoutException
import io.kompletion.error.UnexpectedResponseException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import java.io.ByteArrayInputStream
import java.io.InputStream
import java.nio.file.Files
import java.time.Duration

private const val URL = "https://models.example.com/models.json"

private fun models(price: String, name: String = "mine") =
    """{"version":1,"providers":{"openai":{"$name":{"price":{"input":$price,"output":1}}}}}"""

@OptIn(ExperimentalCoroutinesApi::class)
private fun TestScope.client(transport: FakeTransport, configure: KompletionBuilder.() -> Unit = {}) = Kompletion {
    environment(mapOf("OPENAI_API_KEY" to "sk-test"))
    transport(transport)
    time { testScheduler.currentTime * 1_000_000 }
    configure()
}

private fun Kompletion.price(name: String = "mine") = modelInfo("openai/$name")?.prices?.standard?.input?.toPlainString()

private fun load(llm: Kompletion, text: String) = llm.loadModels(ByteArrayInputStream(text.toByteArray()))

@OptIn(ExperimentalCoroutinesApi::class)
class CatalogLoaderTest : FunSpec({
    test("what is loaded goes over the table, the last load over the one before, and the builder over all") {
        runTest {
            val llm = client(FakeTransport { _, _ -> error(500) }) { modelCatalog { model("openai/fixed") { prices("7", "7") } } }
            load(llm, models("1")) shouldBe 1
            llm.price() shouldBe "1"
            load(llm, models("2", "gpt-5-mini"))
            llm.price().shouldBeNull()
            llm.price("gpt-5-mini") shouldBe "2"
            llm.modelInfo("openai/gpt-5-mini").shouldNotBeNull().maxOutputTokens shouldBe 128_000
            load(llm, models("3", "fixed"))
            llm.price("fixed") shouldBe "7"
            llm.price("gpt-5-mini") shouldBe "0.25"
        }
    }

    test("a file is read, and a byte order mark does not count") {
        runTest {
            val file = Files.createTempFile("models", ".json")
            try {
                Files.write(file, ("\uFEFF" + models("4")).toByteArray())
                val llm = client(FakeTransport { _, _ -> error(500) })
                llm.loadModels(file) shouldBe 1
                llm.price() shouldBe "4"
            } finally {
                Files.delete(file)
            }
        }
    }

    test("a source may bring its own families, which a builder may not") {
        runTest {
            val llm = client(FakeTransport { _, _ -> error(500) })
            val families = """"families":[{"match":"mine-","like":"openai/mine-1","at":["openai"]}]"""
            val text = """{"version":1,$families,"providers":{"openai":{"mine-1":{"context":7,"price":{"input":1}}}}}"""
            load(llm, text) shouldBe 1
            llm.modelInfo("openai/mine-2").shouldNotBeNull().contextTokens shouldBe 7
            llm.modelInfo("openai/mine-1-2031-01-01").shouldNotBeNull().like shouldBe "openai/mine-1"
            llm.modelInfo("openai/gpt-99").shouldBeNull()
            load(llm, models("1"))
            llm.modelInfo("openai/mine-2").shouldBeNull()
            llm.modelInfo("openai/gpt-99").shouldNotBeNull()
            shouldThrow<ConfigurationException> { load(llm, text.replace("\"match\"", "\"matches\"")) }.message.orEmpty() shouldContain
                "families has no \"match\""
            shouldThrow<ConfigurationException> { client(FakeTransport { _, _ -> error(500) }) { modelCatalog { models(text) } } }
        }
    }

    test("a source that is wrong changes nothing") {
        runTest {
            val llm = client(FakeTransport { _, _ -> error(500) })
            load(llm, models("1"))
            shouldThrow<ConfigurationException> { load(llm, models("-2")) }
            shouldThrow<ConfigurationException> { load(llm, models("2").dropLast(1)) }
            llm.price() shouldBe "1"
        }
    }

    test("a source without an end is given up at 16 MiB") {
        runTest {
            val endless = object : InputStream() {
                override fun read() = ' '.code
            }
            val llm = client(FakeTransport { _, _ -> error(500) })
            shouldThrow<ConfigurationException> { llm.loadModels(endless) }.message shouldBe
                "the source is larger than 16777216 bytes"
        }
    }

    test("models come from an address, without a key") {
        runTest {
            val transport = FakeTransport { _, _ -> json(models("5")) }
            val llm = client(transport)
            llm.refreshModels(URL) shouldBe 1
            llm.price() shouldBe "5"
            val request = transport.requests.single()
            request.method shouldBe "GET"
            request.url shouldBe URL
            (0 until request.headers.size).map { request.headers.name(it) } shouldBe listOf("accept")
            transport.responses.single().isClosed shouldBe true
        }
    }

    for ((url, problem) in mapOf(
        "http://models.example.com/models.json" to "allowInsecure = true",
        "file:///etc/passwd" to "no host",
        "ftp://models.example.com/m" to "must be https, got ftp",
        "https://me:secret@models.example.com/m" to "holds credentials",
        "models.json" to "no scheme",
        "https://a b" to "is no URL",
        "" to "no scheme",
    )) {
        test("the address \"$url\" is refused and nothing is sent") {
            runTest {
                val transport = FakeTransport { _, _ -> json(models("5")) }
                shouldThrow<ConfigurationException> { client(transport).refreshModels(url) }.message.orEmpty() shouldContain
                    problem
                transport.requests.shouldBeEmpty()
            }
        }
    }

    test("http is taken when that was asked for") {
        runTest {
            val llm = client(FakeTransport { _, _ -> json(models("5")) }) { modelCatalog { allowInsecure = true } }
            llm.refreshModels("http://models.example.com/models.json") shouldBe 1
        }
    }

    test("every failure of the server leaves the models and says what was wrong") {
        runTest {
            val answers = listOf(
                FakeResponse(302, emptyList(), listOf("location", "https://elsewhere.example.com")),
                FakeResponse(404, listOf("no"), emptyList()),
                json("<html>"),
                FakeResponse(200, List(16_385) { " ".repeat(1024) }, emptyList()),
                FakeResponse(200, listOf(models("9").take(20)), listOf("content-length", "500")),
            )
            val llm = client(FakeTransport { n, _ -> answers[n - 1] })
            load(llm, models("1"))
            shouldThrow<UnexpectedResponseException> { llm.refreshModels(URL) }.message.orEmpty() shouldContain "HTTP 302"
            shouldThrow<UnexpectedResponseException> { llm.refreshModels(URL) }.message.orEmpty() shouldContain "HTTP 404"
            shouldThrow<ConfigurationException> { llm.refreshModels(URL) }.message.orEmpty() shouldContain "is no JSON object"
            shouldThrow<UnexpectedResponseException> { llm.refreshModels(URL) }.code shouldBe "limit.bytes"
            shouldThrow<StreamInterruptedException> { llm.refreshModels(URL) }
            llm.price() shouldBe "1"
            answers.all { it.isClosed } shouldBe true
        }
    }

    test("a server that falls silent is given up after the idle time, and the end of the client ends a refresh") {
        runTest {
            val silent = FakeTransport { _, _ -> FakeResponse(200, listOf("{"), emptyList(), hangs = true) }
            val llm = client(silent) { timeouts { idle = Duration.ofSeconds(5) } }
            shouldThrow<TimeoutException> { llm.refreshModels(URL) }.kind shouldBe TimeoutException.Kind.IDLE
            val other = async { runCatching { llm.refreshModels(URL) } }
            runCurrent()
            llm.close()
            (other.await().exceptionOrNull() as ConnectionException).kind shouldBe ConnectionException.Kind.CLIENT_CLOSED
            shouldThrow<IllegalStateException> { llm.refreshModels(URL) }
        }
    }

    test("an answer is priced with what is loaded when it ends") {
        runTest {
            val body = """{"id":"1","model":"mine","choices":[{"index":0,"message":{"content":"Hi"},"finish_reason":"stop"}],
                "usage":{"prompt_tokens":1000000,"completion_tokens":0,"total_tokens":1000000}}"""
            val llm = client(FakeTransport { _, _ -> json(body) })
            llm.chat("openai/mine") { user("Hello") }.costUnknownReason shouldBe "no price of openai/mine is known"
            load(llm, models("6"))
            llm.chat("openai/mine") { user("Hello") }.cost.toString() shouldBe "\$6"
        }
    }
})
