package io.kompletion.policy

import java.util.concurrent.CompletionStage

/**
 * Finds a kept answer by the meaning of the last user message: when everything else of two requests is equal, and the
 * vectors of their last user texts are as near as [threshold], the answer to one is given for the other.
 *
 * It can be wrong: "pay 10" is near to "pay 100". Only for questions where that does no harm. Each request that is not
 * found by its text costs one call of the [embedder], whose failure counts as not found.
 *
 * @property embedder makes vectors of texts
 * @property threshold least cosine of two vectors, above 0 and at most 1; 0.95 unless set
 * @property maxEntries vectors that are kept in memory, the least recently used goes first; 1,024 unless set
 */
public class SemanticCache @JvmOverloads constructor(
    public val embedder: TextEmbedder,
    public val threshold: Double = 0.95,
    public val maxEntries: Int = 1024,
) {
    init {
        require(threshold > 0 && threshold <= 1) { "threshold must be above 0 and at most 1, got $threshold" }
        require(maxEntries > 0) { "maxEntries must be positive, got $maxEntries" }
    }

    override fun toString(): String = "SemanticCache(threshold=$threshold, maxEntries=$maxEntries)"
}

/** Makes a vector of a text: a model of one's own, or the embeddings of a provider. Called from any thread. */
public fun interface TextEmbedder {
    /** The vector of [text], always of the same length. */
    public fun embed(text: String): CompletionStage<FloatArray>
}
