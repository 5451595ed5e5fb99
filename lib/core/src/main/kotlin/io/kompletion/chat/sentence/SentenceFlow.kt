@file:JvmName("SentenceFlows")

package io.kompletion.chat.sentence

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.produceIn
import kotlinx.coroutines.selects.onTimeout
import kotlinx.coroutines.selects.select

/**
 * The sentences of a text that arrives in pieces, each as soon as it is complete and ready to be spoken; what cannot be
 * spoken is left out. See [SentenceSplitter] for the rules and for sentences with their raw text.
 *
 * The flow is cold, keeps the order and holds at most the sentence that is not complete yet. The rest is emitted when
 * this flow ends; when it fails or is cancelled, the rest is discarded. With [SentenceOptions.idleFlush] this flow is
 * collected in a coroutine of its own.
 *
 * @param options how to cut and clean
 */
@JvmSynthetic
public fun Flow<String>.sentences(options: SentenceOptions = SentenceOptions.DEFAULT): Flow<String> = flow {
    val splitter = SentenceSplitter(options)
    if (options.idleFlush == null) {
        collect { delta -> speak(splitter.push(delta)) }
    } else {
        collectWithPauses(this@sentences, splitter, options.idleFlush.toMillis())
    }
    speak(splitter.flush())
}

@OptIn(ExperimentalCoroutinesApi::class)
private suspend fun FlowCollector<String>.collectWithPauses(
    text: Flow<String>,
    splitter: SentenceSplitter,
    pause: Long,
) = coroutineScope {
    val deltas = text.buffer(0).produceIn(this)
    while (true) {
        val delta = select {
            deltas.onReceiveCatching { it }
            onTimeout(pause) { null }
        } ?: deltas.also { speak(splitter.idle()) }.receiveCatching()
        if (delta.isClosed) {
            delta.exceptionOrNull()?.let { throw it }
            break
        }
        speak(splitter.push(delta.getOrThrow()))
    }
}

private suspend fun FlowCollector<String>.speak(sentences: List<Sentence>) {
    for (sentence in sentences) if (!sentence.isSilent) emit(sentence.text)
}
