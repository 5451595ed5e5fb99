package io.kompletion.java.fault

import io.kompletion.chat.AssistantMessageDeltaChunk
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.ToolCallChunk
import io.kompletion.error.KompletionException
import io.kompletion.testkit.contract.ChatSubject
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.withTimeout
import java.util.concurrent.CompletionException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/**
 * How one call went.
 *
 * @property chunks what a stream handed out
 * @property answer the response, when there is one
 * @property failure what was thrown, when that is an exception of the library
 * @property strange what was thrown instead, or that nothing ever came
 */
internal class Observation(
    val chunks: List<ChatCompletionChunk>,
    val answer: ChatCompletionResponse?,
    val failure: KompletionException?,
    val strange: String?,
    val took: Duration,
) {
    /** The text that a stream handed out, piece by piece. */
    val text: String get() = chunks.filterIsInstance<AssistantMessageDeltaChunk>().joinToString("") { it.content }

    val toolCalls: List<ToolCallChunk> get() = chunks.filterIsInstance<ToolCallChunk>()

    companion object {
        /** Beyond every clock of the client: what has not ended by then hangs. */
        private val HANGS = 45.seconds

        suspend fun of(client: ChatSubject, request: ChatCompletionRequest, streams: Boolean): Observation {
            val chunks = ArrayList<ChatCompletionChunk>()
            var answer: ChatCompletionResponse? = null
            var failure: KompletionException? = null
            var strange: String? = null
            val start = TimeSource.Monotonic.markNow()
            try {
                withTimeout(HANGS) {
                    if (streams) client.chatStream(request).collect { chunks += it } else answer = client.chat(request)
                }
                if (streams) answer = (chunks.lastOrNull() as? FinalResponseChunk)?.response
                if (answer == null) strange = "ended without an answer"
            } catch (e: KompletionException) {
                failure = e
            } catch (e: CompletionException) {
                failure = e.cause as? KompletionException
                if (failure == null) strange = "threw $e"
            } catch (_: TimeoutCancellationException) {
                strange = "hangs: nothing after $HANGS"
            } catch (e: CancellationException) {
                strange = "was cancelled: $e"
            } catch (e: Exception) {
                strange = "threw $e"
            } catch (e: Error) {
                strange = "threw $e"
            }
            return Observation(chunks, answer, failure, strange, start.elapsedNow())
        }
    }
}
