@file:JvmName("SentenceFlows")

package io.kompletion.chat.sentence

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/**
 * The sentences of a text that arrives in pieces, each as soon as it is complete and ready to be spoken; what cannot be
 * spoken is left out. See [SentenceSplitter] for the rules and for sentences with their raw text.
 *
 * The flow is cold, keeps the order and holds at most the sentence that is not complete yet. The rest is emitted when
 * this flow ends; when it fails or is cancelled, the rest is discarded.
 *
 * @param options how to cut and clean
 */
@JvmSynthetic
public fun Flow<String>.sentences(options: SentenceOptions = SentenceOptions.DEFAULT): Flow<String> = flow {
    val splitter = SentenceSplitter(options)
    collect { delta ->
        for (sentence in splitter.push(delta)) if (!sentence.isSilent) emit(sentence.text)
    }
    for (sentence in splitter.flush()) if (!sentence.isSilent) emit(sentence.text)
}
