package io.kompletion.catalog

/**
 * Counts tokens without asking anybody, for models whose vocabulary is public. `kompletion-tokenizer` on the class path
 * brings one; another is set with `KompletionBuilder.tokenizer`.
 *
 * Called by any thread, perhaps by several at once; it does not block.
 */
public fun interface Tokenizer {
    /**
     * The tokens of [text], which has no special tokens in it: what looks like one is text.
     *
     * @param model the bare name of the model, e.g. `gpt-4o-mini`
     * @return null when the vocabulary of the model is not known
     */
    public fun count(text: String, model: String): Int?
}
