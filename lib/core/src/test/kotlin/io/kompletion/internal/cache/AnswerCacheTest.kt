package io.kompletion.internal.cache

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.FinishReason
import io.kompletion.chat.IncompleteToolCallPart
import io.kompletion.chat.InterruptionChunk
import io.kompletion.chat.RefusalPart
import io.kompletion.chat.ResponseCacheControl
import io.kompletion.chat.ToolCall
import io.kompletion.chat.ToolCallPart
import io.kompletion.chat.Warning
import io.kompletion.chat.targets
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.delay
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import java.math.BigDecimal
import java.time.Duration

private fun ChatCompletionResponse.saying(message: AssistantMessage, finish: FinishReason?) =
    copy(choices = choices.map { it.copy(message = message, finishReason = finish) })

/** Whether an answer of this kind is given again. */
private suspend fun isKept(cache: AnswerCache, request: CacheCall, response: ChatCompletionResponse): Boolean {
    var asked = 0
    repeat(2) { cache.through(request, {}) { response.also { asked++ } } }
    return asked == 1
}

@OptIn(ExperimentalCoroutinesApi::class)
class AnswerCacheTest : FunSpec({
    context("a kept answer") {
        test("is given in place of asking, and costs nothing") {
            runTest {
                val cache = cache()
                val upstream = FakeUpstream()
                val first = cache.whole(call(), upstream)
                val watch = FakeWatch()
                val second = cache.whole(call(watch = watch), upstream)
                upstream.calls shouldBe 1
                first.cached shouldBe false
                first.cost!!.total shouldBe BigDecimal("0.25")
                second.cached shouldBe true
                second.cost!!.total.signum() shouldBe 0
                second.cost.notes.single() shouldContain "cache"
                second.attempts.shouldBeEmpty()
                second.rateLimits.shouldBeNull()
                second.timeToFirstChunk.shouldBeNull()
                second.latency shouldBe Duration.ofMillis(1)
                second.requestId shouldBe "req-1"
                second.warnings shouldBe first.warnings
                second.usage shouldBe first.usage
                second.message shouldBe first.message
                watch.told shouldContainExactly listOf("hit")
            }
        }

        test("of a stream is played in the pieces of the first time, the sealed response last") {
            runTest {
                val cache = cache()
                val upstream = FakeUpstream(pieces = 5)
                val first = Collector().also { cache.stream(call(isStreaming = true), upstream, it) }
                val second = Collector()
                val response = cache.stream(call(isStreaming = true, watch = FakeWatch()), upstream, second)
                upstream.calls shouldBe 1
                second.chunks.dropLast(1) shouldBe first.chunks.dropLast(1)
                (second.chunks.last() as FinalResponseChunk).response shouldBe response
                response.cached shouldBe true
                response.latency shouldBe Duration.ofMillis(1)
            }
        }

        test("of a stream is none for a whole answer") {
            runTest {
                val cache = cache()
                val upstream = FakeUpstream()
                cache.stream(call(isStreaming = true), upstream)
                cache.whole(call(), upstream)
                upstream.calls shouldBe 2
            }
        }

        test("of one tenant is none for another") {
            runTest {
                val cache = cache()
                val upstream = FakeUpstream()
                cache.whole(call(tenant = "a"), upstream)
                cache.whole(call(tenant = "b"), upstream)
                upstream.calls shouldBe 2
            }
        }

        test("is forgotten when the cache is cleared") {
            runTest {
                val cache = cache()
                val upstream = FakeUpstream()
                cache.whole(call(), upstream)
                cache.clear()
                cache.whole(call(), upstream)
                upstream.calls shouldBe 2
            }
        }
    }

    context("fields of the policy") {
        test("Cache.maxEntries: the least recently used answer goes first") {
            runTest {
                val cache = cache { maxEntries = 2 }
                val upstream = FakeUpstream()
                cache.whole(call("a"), upstream)
                cache.whole(call("b"), upstream)
                cache.whole(call("a"), upstream)
                cache.whole(call("c"), upstream)
                cache.whole(call("a"), upstream)
                upstream.calls shouldBe 3
                cache.whole(call("b"), upstream)
                upstream.calls shouldBe 4
            }
        }

        test("Cache.ttl: an answer is given for so long and no longer") {
            runTest {
                val cache = cache { ttl = Duration.ofSeconds(10) }
                val upstream = FakeUpstream()
                cache.whole(call(), upstream)
                advanceTimeBy(9_999)
                cache.whole(call(), upstream)
                upstream.calls shouldBe 1
                advanceTimeBy(1)
                cache.whole(call(), upstream)
                upstream.calls shouldBe 2
            }
        }

        test("Cache.ttl: one beyond all clocks is for ever") {
            runTest {
                val cache = cache { ttl = Duration.ofSeconds(Long.MAX_VALUE) }
                val upstream = FakeUpstream()
                cache.whole(call(), upstream)
                advanceTimeBy(1_000_000_000)
                cache.whole(call(), upstream)
                upstream.calls shouldBe 1
            }
        }

        for (streaming in listOf(false, true)) {
            test("Cache.maxEntryBytes: a larger answer is not kept (streaming: $streaming)") {
                runTest {
                    for ((text, calls) in listOf("x".repeat(1_000) to 1, "x".repeat(5_000) to 2)) {
                        val cache = cache { maxEntryBytes = 4_000 }
                        val upstream = FakeUpstream(text, pieces = 1)
                        repeat(2) {
                            if (streaming) cache.stream(call(isStreaming = true), upstream) else cache.whole(call(), upstream)
                        }
                        upstream.calls shouldBe calls
                    }
                }
            }
        }

        test("Cache.backend: another one keeps answers as bytes, and gives them back as they were") {
            runTest {
                val store = FakeCacheStore({ currentTime })
                val upstream = FakeUpstream()
                cache(store).whole(call(), upstream)
                cache(store).stream(call(isStreaming = true), upstream)
                advanceTimeBy(10)
                val chunks = Collector()
                cache(store).whole(call(), upstream).message shouldBe answer("Hi").message
                cache(store).stream(call(isStreaming = true), upstream, chunks).content shouldBe "Hi0 Hi1 "
                upstream.calls shouldBe 2
                chunks.texts shouldContainExactly listOf("Hi0 ", "Hi1 ")
                store.entries.keys shouldHaveSize 2
                store.ttls.values.toSet() shouldBe setOf(Duration.ofSeconds(300))
            }
        }

        for ((flag, calls) in listOf(true to 1, false to 3)) {
            test("Cache.singleFlight: $flag, then three equal calls at once are $calls upstream") {
                runTest {
                    val cache = cache { singleFlight = flag }
                    val upstream = FakeUpstream { _, _ -> delay(100) }
                    List(3) { async { cache.whole(call(), upstream) } }.awaitAll()
                    upstream.calls shouldBe calls
                }
            }
        }

        test("Cache.toolCalls: answers that call tools are kept only then, whatever their finish reason") {
            runTest {
                val message = AssistantMessage(listOf(ToolCallPart(ToolCall.of("c", "f", "{}"))))
                for (finish in listOf(FinishReason.TOOL_CALLS, FinishReason.STOP)) {
                    isKept(cache(), call(), answer("").saying(message, finish)) shouldBe false
                    isKept(cache { toolCalls = true }, call(), answer("").saying(message, finish)) shouldBe true
                }
            }
        }

        test("Cache.namespace: separates caches in one store") {
            runTest {
                val store = FakeCacheStore()
                val upstream = FakeUpstream()
                cache(store) { namespace = "a" }.whole(call(), upstream)
                cache(store) { namespace = "b" }.whole(call(), upstream)
                advanceTimeBy(10)
                cache(store) { namespace = "a" }.whole(call(), upstream)
                upstream.calls shouldBe 2
            }
        }
    }

    context("not kept") {
        for (finish in listOf(FinishReason.LENGTH, FinishReason.CONTENT_FILTER, FinishReason.OTHER, FinishReason.of("x"), null)) {
            test("an answer that ended by $finish") {
                runTest { isKept(cache(), call(), answer("Hi", finish)) shouldBe false }
            }
        }

        test("a refusal, and a call that is not complete") {
            runTest {
                for (part in listOf(RefusalPart("no"), IncompleteToolCallPart(ToolCall.of("c", "f", "{")))) {
                    val response = answer("").saying(AssistantMessage(listOf(part)), FinishReason.STOP)
                    isKept(cache { toolCalls = true }, call(), response) shouldBe false
                }
            }
        }

        test("alternatives of which one is not whole, or missing without a word") {
            runTest {
                val request = CacheCall(
                    request {
                        user("Hello")
                        n = 2
                    }.targets(),
                    false,
                )
                val one = answer("Hi")
                val two = one.copy(choices = one.choices + one.choices[0].copy(index = 1))
                val cut = one.copy(choices = one.choices + one.choices[0].copy(index = 1, finishReason = FinishReason.LENGTH))
                isKept(cache(), request, two) shouldBe true
                isKept(cache(), request, cut) shouldBe false
                isKept(cache(), request, one) shouldBe false
                isKept(cache(), request, one.copy(warnings = listOf(Warning("n", "dropped", "only one")))) shouldBe true
                isKept(cache(), request, one.copy(choices = emptyList())) shouldBe false
            }
        }

        test("a stream that was interrupted") {
            runTest {
                val rules = KeepRules(toolCalls = true, maxBytes = 1 shl 20)
                val interruption = InterruptionChunk(isRestart = false, reason = "broke off", provider = "p", model = "m")
                val request = request { user("Hello") }
                rules.mayKeep(request, answer("Hi"), listOf(FinalResponseChunk(answer("Hi")))) shouldBe true
                rules.mayKeep(request, answer("Hi"), listOf(interruption)) shouldBe false
            }
        }

        test("an answer that failed") {
            runTest {
                val cache = cache()
                var asked = 0
                repeat(2) {
                    runCatching {
                        cache.through(call(), {}) { error("call ${++asked}") }
                    }.exceptionOrNull()!!.message shouldBe "call $asked"
                }
                asked shouldBe 2
            }
        }
    }

    context("what a request says of the cache") {
        test("ResponseCacheControl.read: false asks anew and keeps what comes") {
            runTest {
                val cache = cache()
                val upstream = FakeUpstream()
                cache.whole(call(), upstream)
                cache.whole(call(control = ResponseCacheControl.REFRESH), upstream).cached shouldBe false
                cache.whole(call(), upstream).cached shouldBe true
                upstream.calls shouldBe 2
            }
        }

        test("ResponseCacheControl.read: false joins no call that runs, but others join it") {
            runTest {
                val cache = cache()
                val upstream = FakeUpstream { _, _ -> delay(100) }
                val calls = listOf(null, ResponseCacheControl.REFRESH).map { async { cache.whole(call(control = it), upstream) } }
                calls.awaitAll()
                upstream.calls shouldBe 2
                cache.clear()
                listOf(ResponseCacheControl.REFRESH, null).map { async { cache.whole(call(control = it), upstream) } }
                    .awaitAll()
                upstream.calls shouldBe 3
            }
        }

        test("ResponseCacheControl.write: false keeps nothing, unless another call that shares it does") {
            runTest {
                val cache = cache()
                val upstream = FakeUpstream { _, _ -> delay(100) }
                cache.whole(call(control = ResponseCacheControl.READ_ONLY), upstream)
                cache.whole(call(control = ResponseCacheControl.READ_ONLY), upstream)
                upstream.calls shouldBe 2
                listOf(ResponseCacheControl.READ_ONLY, null).map { async { cache.whole(call(control = it), upstream) } }
                    .awaitAll()
                cache.whole(call(), upstream).cached shouldBe true
                upstream.calls shouldBe 3
            }
        }

        test("OFF neither reads, keeps, joins nor leads") {
            runTest {
                val cache = cache()
                val upstream = FakeUpstream { _, _ -> delay(100) }
                val watch = FakeWatch()
                val off = call(control = ResponseCacheControl.OFF, watch = watch)
                List(2) { async { cache.whole(off, upstream) } }.awaitAll()
                upstream.calls shouldBe 2
                cache.whole(call(), upstream).cached shouldBe false
                cache.whole(off, upstream).cached shouldBe false
                watch.told.shouldBeEmpty()
            }
        }

        test("ResponseCacheControl.ttl: wins over that of the policy") {
            runTest {
                val cache = cache()
                val upstream = FakeUpstream()
                cache.whole(call(control = ResponseCacheControl.ttl(Duration.ofSeconds(2))), upstream)
                advanceTimeBy(1_999)
                cache.whole(call(), upstream).cached shouldBe true
                advanceTimeBy(1)
                cache.whole(call(), upstream).cached shouldBe false
            }
        }
    }

    context("a store") {
        test("that does not answer counts as empty, and the call is told") {
            runTest {
                val store = FakeCacheStore().also { it.isDown = true }
                val watch = FakeWatch()
                cache(store).whole(call(watch = watch), FakeUpstream()).content shouldBe "Hi"
                watch.told shouldContainExactly listOf("unavailable: the store is down", "miss")
            }
        }

        test("whose entry is damaged has it removed and is as good as empty") {
            runTest {
                val store = FakeCacheStore()
                val upstream = FakeUpstream()
                val cache = cache(store)
                cache.whole(call(), upstream)
                advanceTimeBy(10)
                store.entries.size shouldBe 1
                store.entries.replaceAll { _, bytes -> bytes.copyOf(bytes.size - 3) }
                cache.whole(call(), upstream).cached shouldBe false
                store.removed shouldBe 1
                cache.whole(call(), upstream).cached shouldBe true
            }
        }

        test("that fails in a way of its own is no failure of the call either") {
            runTest {
                val broken = object : io.kompletion.store.CacheStore by FakeCacheStore() {
                    override suspend fun get(key: String): ByteArray = throw IllegalStateException("secret of mine")
                }
                val watch = FakeWatch()
                cache(broken).whole(call(watch = watch), FakeUpstream()).content shouldBe "Hi"
                watch.told.first() shouldBe "unavailable: the response cache: IllegalStateException"
            }
        }
    }
})
