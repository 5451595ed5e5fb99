package io.kompletion.testkit.contract

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.ToolCall
import io.kompletion.chat.ToolCallChunk
import io.kompletion.chat.ToolCallDeltaChunk
import io.kompletion.error.KompletionException
import io.kompletion.testkit.FakeChatProvider
import io.kotest.assertions.fail
import io.kotest.core.spec.style.scopes.FunSpecRootScope
import io.kotest.matchers.collections.shouldBeEmpty
import kotlinx.coroutines.flow.Flow
import java.time.Duration

/** A key that must turn up nowhere but in the credential header. */
internal const val CANARY = "sk-canary-7f3a9c51d2"

/** One fake and one client for one test. */
internal class ContractScope(val target: ContractTarget, val fake: FakeChatProvider, val client: ChatSubject) {
    fun request(build: ChatCompletionRequestBuilder.() -> Unit = { user("Hello") }): ChatCompletionRequest =
        ChatCompletionRequest(target.fullModel, build)

    /** The event of a stream that carries delta [index] of a text. */
    fun textEvent(index: Int): Int = fake.openingEvents + index

    /** What [call] means: all of it, without the id where the library had to make one. */
    fun meaning(call: ToolCall): Any =
        if (target.givesCallIds) call else Triple(call.name, call.function.rawArguments, call.extra)

    /** The same of a chunk. */
    fun meaning(chunk: ChatCompletionChunk): Any = when {
        target.givesCallIds -> chunk
        chunk is ToolCallChunk -> meaning(chunk.toolCall)
        chunk is ToolCallDeltaChunk -> Triple(chunk.index, chunk.name, chunk.arguments)
        else -> chunk
    }

    /** Collects [stream] into a list that survives its failure. */
    suspend fun collect(stream: Flow<ChatCompletionChunk>): Collected {
        val chunks = ArrayList<ChatCompletionChunk>()
        return try {
            stream.collect { chunks += it }
            Collected(chunks, null)
        } catch (e: KompletionException) {
            Collected(chunks, e)
        }
    }
}

/** What a stream brought, and how it failed, if it did. */
internal class Collected(val chunks: List<ChatCompletionChunk>, val failure: KompletionException?)

/** A test with a fake and a client of its own; afterwards the client is closed and no connection may be left. */
internal fun FunSpecRootScope.contract(
    target: ContractTarget,
    name: String,
    configure: KompletionBuilder.(FakeChatProvider) -> Unit = {},
    body: suspend ContractScope.() -> Unit,
) {
    test("${target.name}: $name") {
        target.fake().use { fake ->
            val builder = Kompletion.builder().environment(emptyMap())
                .provider(target.provider) {
                    apiKey(CANARY)
                    baseUrl = fake.baseUrl
                }
                .retry { retryDelay = Duration.ofMillis(1) }
            builder.configure(fake)
            target.client(builder).use { ContractScope(target, fake, it).body() }
            if (fake.server.connectionCount > 0) fake.server.awaitNoOpenConnections()
            fake.server.failures.shouldBeEmpty()
        }
    }
}

/** The exception of type [T] that [block] throws; its message, causes and details must not show the key. */
internal suspend inline fun <reified T : KompletionException> failsWith(crossinline block: suspend () -> Unit): T {
    val thrown = try {
        block()
        fail("expected ${T::class.simpleName}, got an answer")
    } catch (e: KompletionException) {
        e
    }
    val shown = generateSequence<Throwable>(thrown) { it.cause }.joinToString { it.toString() } + thrown.details
    if (CANARY in shown) fail("the key is in the exception: ${thrown.javaClass.simpleName}")
    return thrown as? T ?: fail("expected ${T::class.simpleName}, got $thrown")
}
