package io.kompletion.policy

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.internal.call.DONE
import io.kompletion.internal.call.FINISH
import io.kompletion.internal.call.FakeResponse
import io.kompletion.internal.call.FakeTransport
import io.kompletion.internal.call.delta
import io.kompletion.listen.CallEvent
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.currentTime
import kotlin.random.Random

/** A client in virtual time, without a network, whose every model costs a dollar a token read and two a token written. */
@OptIn(ExperimentalCoroutinesApi::class)
internal fun TestScope.policyClient(transport: FakeTransport, configure: KompletionBuilder.() -> Unit = {}): Kompletion =
    Kompletion {
        environment(mapOf("OPENAI_API_KEY" to "sk-test"))
        transport(transport)
        time { testScheduler.currentTime * 1_000_000 }
        wallClock { testScheduler.currentTime }
        random(Random(1))
        retry { enabled = false }
        modelCatalog {
            for (model in listOf("openai/a", "openai/b", "openai/c")) {
                model(model) { prices("1000000", "2000000").contextTokens(1_000).maxOutputTokens(100) }
            }
        }
        configure()
    }

internal fun asked(model: String, more: ChatCompletionRequestBuilder.() -> Unit = {}): ChatCompletionRequest =
    ChatCompletionRequest(model) {
        user("Hello")
        more()
    }

/** A whole answer that has used [input] and [output] tokens. */
internal fun used(input: Int, output: Int, text: String = "there", before: suspend (Int) -> Unit = {}) = FakeResponse(
    200,
    listOf(
        """{"id":"1","model":"a","choices":[{"index":0,"message":{"content":"$text"},"finish_reason":"stop"}],""" +
            """"usage":{"prompt_tokens":$input,"completion_tokens":$output}}""",
    ),
    listOf("content-type", "application/json"),
    before = before,
)

internal fun usage(input: Int, output: Int) =
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":$input,\"completion_tokens\":$output}}\n\n"

/** A stream of [texts]; [before] runs before each read. */
internal fun streamed(vararg texts: String, before: suspend (Int) -> Unit = {}) =
    FakeResponse(200, texts.map(::delta) + FINISH + usage(1, 1) + DONE, before = before)

internal inline fun <reified E : CallEvent> List<CallEvent>.only(): List<E> = filterIsInstance<E>()
