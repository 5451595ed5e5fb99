package io.kompletion.internal.cache

import io.kompletion.chat.ResponseCacheControl
import io.kompletion.chat.targets
import io.kompletion.policy.SemanticCache
import io.kompletion.policy.TextEmbedder
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.delay
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runTest
import java.util.concurrent.CompletableFuture
import kotlin.math.cos
import kotlin.math.sin

/** A text is the angle that it begins with, in degrees; vectors are of any length. */
private class Angles : TextEmbedder {
    var calls = 0

    override fun embed(text: String): CompletableFuture<FloatArray> {
        calls++
        val angle = Math.toRadians(text.substringBefore(' ').toDouble())
        return CompletableFuture.completedFuture(floatArrayOf(3 * cos(angle).toFloat(), 3 * sin(angle).toFloat()))
    }
}

private fun meaning(embedder: TextEmbedder = Angles(), threshold: Double = 0.95, maxEntries: Int = 1024) =
    SemanticCache(embedder, threshold, maxEntries)

@OptIn(ExperimentalCoroutinesApi::class)
class SemanticAnswersTest : FunSpec({
    test("Cache.semantic, SemanticCache.embedder: a question that means the same gets the kept answer, the nearest one's") {
        runTest {
            val embedder = Angles()
            val cache = cache { semantic = meaning(embedder) }
            cache.whole(call("10 degrees"), FakeUpstream("ten"))
            cache.whole(call("30 degrees"), FakeUpstream("thirty"))
            val watch = FakeWatch()
            cache.whole(call("22 degrees", watch = watch), FakeUpstream("new")).content shouldBe "thirty"
            watch.told shouldContainExactly listOf("semantic")
            cache.whole(call("30 degrees"), FakeUpstream("new")).content shouldBe "thirty"
            embedder.calls shouldBe 3
        }
    }

    test("SemanticCache.threshold: the least cosine that counts") {
        runTest {
            for ((threshold, content) in listOf(0.98 to "ten", 0.99 to "new")) {
                val cache = cache { semantic = meaning(threshold = threshold) }
                cache.whole(call("10 degrees"), FakeUpstream("ten"))
                cache.whole(call("20 degrees"), FakeUpstream("new")).content shouldBe content
            }
        }
    }

    test("SemanticCache.threshold: 1 is met by the same direction") {
        runTest {
            val cache = cache { semantic = meaning(threshold = 1.0) }
            cache.whole(call("77 a"), FakeUpstream("a"))
            cache.whole(call("77 b"), FakeUpstream("new")).content shouldBe "a"
            cache.whole(call("78 b"), FakeUpstream("new")).content shouldBe "new"
        }
    }

    test("SemanticCache.maxEntries: the vector that was not used for the longest time goes first") {
        runTest {
            val cache = cache { semantic = meaning(maxEntries = 2) }
            cache.whole(call("0 a"), FakeUpstream("a"))
            cache.whole(call("90 b"), FakeUpstream("b"))
            cache.whole(call("1 a"), FakeUpstream("new")).content shouldBe "a"
            cache.whole(call("180 c"), FakeUpstream("c"))
            cache.whole(call("2 a"), FakeUpstream("new")).content shouldBe "a"
            cache.whole(call("91 b"), FakeUpstream("new")).content shouldBe "new"
        }
    }

    test("everything but the last text must be equal, the tenant and the kind of answer too") {
        runTest {
            val cache = cache { semantic = meaning() }
            fun asked(text: String, system: String) = CacheCall(
                request {
                    system(system)
                    user(text)
                }.targets(),
                false,
            )
            cache.whole(asked("10 a", "s"), FakeUpstream("ten"))
            cache.whole(asked("11 a", "s"), FakeUpstream("new")).content shouldBe "ten"
            cache.whole(asked("12 a", "t"), FakeUpstream("new")).content shouldBe "new"
            cache.whole(call("10 a", tenant = "x"), FakeUpstream("x"))
            cache.whole(call("11 a", tenant = "y"), FakeUpstream("y")).content shouldBe "y"
            cache.stream(call("13 a", isStreaming = true, tenant = "x"), FakeUpstream("s")).content shouldBe "s0 s1 "
            cache.stream(call("14 a", isStreaming = true, tenant = "x"), FakeUpstream("n")).content shouldBe "s0 s1 "
        }
    }

    test("an embedder that fails, or answers no direction, counts as not found and is told") {
        val failures: List<TextEmbedder> = listOf(
            TextEmbedder { throw IllegalStateException("at once") },
            TextEmbedder { CompletableFuture.failedFuture(IllegalStateException("later")) },
            TextEmbedder { CompletableFuture<FloatArray>().also { it.cancel(true) } },
            TextEmbedder { CompletableFuture.completedFuture(FloatArray(0)) },
            TextEmbedder { CompletableFuture.completedFuture(floatArrayOf(0f, 0f)) },
            TextEmbedder { CompletableFuture.completedFuture(floatArrayOf(Float.NaN, 1f)) },
        )
        for (flight in listOf(true, false)) {
            for (embedder in failures) {
                runTest {
                    val cache = cache {
                        semantic = meaning(embedder)
                        singleFlight = flight
                    }
                    val watch = FakeWatch()
                    val upstream = FakeUpstream()
                    cache.whole(call(watch = watch), upstream).content shouldBe "Hi"
                    watch.told.first().startsWith("meaning: the embedder") shouldBe true
                    watch.told.last() shouldBe "miss"
                    cache.whole(call(), upstream).cached shouldBe true
                }
            }
        }
    }

    test("a last message that is no text of the user's counts as not found and is told") {
        runTest {
            val embedder = Angles()
            val cache = cache { semantic = meaning(embedder) }
            val watch = FakeWatch()
            val prefilled = request {
                user("10 a")
                assistant("So")
            }
            cache.whole(CacheCall(prefilled.targets(), false, watch = watch), FakeUpstream())
            watch.told shouldContain "meaning: the last message is no text of the user's"
            embedder.calls shouldBe 0
        }
    }

    test("a vector whose answer is gone is forgotten") {
        runTest {
            val cache = cache { semantic = meaning() }
            cache.whole(call("10 a"), FakeUpstream("ten"))
            advanceTimeBy(300_000)
            cache.whole(call("11 a"), FakeUpstream("new")).content shouldBe "new"
            cache.whole(call("10 a"), FakeUpstream("other")).content shouldBe "new"
        }
    }

    test("what is asked anew is found by its meaning, and equal calls at once are embedded once") {
        runTest {
            val embedder = Angles()
            val cache = cache { semantic = meaning(embedder) }
            cache.whole(call("10 a", control = ResponseCacheControl.REFRESH), FakeUpstream("ten"))
            embedder.calls shouldBe 1
            val upstream = FakeUpstream { _, _ -> delay(10) }
            List(5) { async { cache.whole(call("12 a"), upstream) } }.awaitAll().map { it.content }.toSet() shouldBe setOf("ten")
            embedder.calls shouldBe 2
        }
    }

    test("a store may keep the answers, too") {
        runTest {
            val cache = cache(FakeCacheStore()) { semantic = meaning() }
            cache.whole(call("10 a"), FakeUpstream("ten"))
            cache.whole(call("11 a"), FakeUpstream("new")).content shouldBe "ten"
        }
    }
})
