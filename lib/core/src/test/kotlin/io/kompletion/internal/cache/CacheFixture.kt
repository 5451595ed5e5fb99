package io.kompletion.internal.cache

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.AssistantMessageDeltaChunk
import io.kompletion.chat.Attempt
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.Choice
import io.kompletion.chat.Cost
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.FinishReason
import io.kompletion.chat.FinishReasonChunk
import io.kompletion.chat.RateLimits
import io.kompletion.chat.ResponseCacheControl
import io.kompletion.chat.TextPart
import io.kompletion.chat.TokenBucket
import io.kompletion.chat.Usage
import io.kompletion.chat.Warning
import io.kompletion.chat.targets
import io.kompletion.error.StateUnavailableException
import io.kompletion.policy.Cache
import io.kompletion.store.CacheStore
import io.kompletion.store.FlightStore
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.currentTime
import java.math.BigDecimal
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger

internal fun cachePolicy(build: Cache.Builder.() -> Unit = {}): Cache = Cache.builder().apply(build).build()

@OptIn(ExperimentalCoroutinesApi::class)
internal fun TestScope.cache(
    store: CacheStore? = null,
    flights: FlightStore? = null,
    policy: Cache.Builder.() -> Unit = {},
) = AnswerCache(cachePolicy(policy), store, flights, { currentTime * 1_000_000 }, null)

internal fun request(build: ChatCompletionRequestBuilder.() -> Unit): ChatCompletionRequest =
    ChatCompletionRequestBuilder().model("openai/gpt-5-mini").apply(build).build()

internal fun call(
    text: String = "Hello",
    isStreaming: Boolean = false,
    control: ResponseCacheControl? = null,
    tenant: String? = null,
    watch: CacheWatch = CacheWatch.NONE,
): CacheCall = CacheCall(request { user(text) }.targets(), isStreaming, control, tenant, watch)

internal fun answer(text: String, finish: FinishReason? = FinishReason.STOP): ChatCompletionResponse =
    ChatCompletionResponse(
        id = "answer-1",
        provider = "openai",
        model = "gpt-5-mini",
        choices = listOf(Choice(0, AssistantMessage(listOf(TextPart(text))), finish)),
        created = 1_700_000_000,
        usage = Usage(10, 20),
        cost = Cost(mapOf(TokenBucket.OUTPUT to BigDecimal("0.25"))),
        latency = Duration.ofMillis(700),
        timeToFirstChunk = Duration.ofMillis(300),
        attempts = listOf(Attempt("openai", "gpt-5-mini", 200)),
        warnings = listOf(Warning("seed", "dropped", "unknown there")),
        requestId = "req-1",
        rateLimits = RateLimits(100, 99),
    )

/** Counts its calls; answers [text] in the pieces [pieces] when that is streamed. */
internal class FakeUpstream(
    private val text: String = "Hi",
    private val pieces: Int = 2,
    private val finish: FinishReason? = FinishReason.STOP,
    private val before: suspend (call: Int, chunk: Int) -> Unit = { _, _ -> },
) {
    private val count = AtomicInteger()
    val calls: Int get() = count.get()

    fun whole(): Upstream = { _ ->
        before(count.incrementAndGet(), 0)
        answer(text, finish)
    }

    fun stream(): Upstream = { emit ->
        val number = count.incrementAndGet()
        repeat(pieces) { i ->
            before(number, i)
            emit(AssistantMessageDeltaChunk("$text$i "))
        }
        before(number, pieces)
        emit(FinishReasonChunk(FinishReason.STOP))
        answer(List(pieces) { "$text$it " }.joinToString(""), finish).also { emit(FinalResponseChunk(it)) }
    }
}

/** Collects what one call gets. */
internal class Collector {
    val chunks = ArrayList<ChatCompletionChunk>()
    val texts: List<String> get() = chunks.mapNotNull { (it as? AssistantMessageDeltaChunk)?.content }
    val emit: suspend (ChatCompletionChunk) -> Unit = { chunks += it }
}

internal suspend fun AnswerCache.whole(call: CacheCall, upstream: FakeUpstream) = through(call, {}, upstream.whole())

internal suspend fun AnswerCache.stream(call: CacheCall, upstream: FakeUpstream, to: Collector = Collector()) =
    through(call, to.emit, upstream.stream())

/** Takes down what it is told. */
internal class FakeWatch : CacheWatch {
    val told = ArrayList<String>()

    override fun found(isShared: Boolean, isSemantic: Boolean) {
        told += if (isShared) {
            "shared"
        } else if (isSemantic) {
            "semantic"
        } else {
            "hit"
        }
    }

    override fun missed() {
        told += "miss"
    }

    override fun unavailable(failure: StateUnavailableException) {
        told += "unavailable: ${failure.message}"
    }

    override fun meaningUnknown(reason: String, cause: Exception?) {
        told += "meaning: $reason"
    }

    override fun seal(response: ChatCompletionResponse) = response.copy(latency = Duration.ofMillis(1))
}

/** Runs [block] beside the test, which its failure does not end. */
internal fun <T> TestScope.apart(block: suspend () -> T): Deferred<T> =
    CoroutineScope(coroutineContext.minusKey(Job)).async { block() }
