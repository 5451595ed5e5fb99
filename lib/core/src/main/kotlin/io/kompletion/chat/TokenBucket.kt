package io.kompletion.chat

/**
 * The disjoint kinds of tokens of a [Usage], each with a price of its own.
 *
 * @property key the name in JSON, of prices and of costs
 */
internal enum class TokenBucket(val key: String, val isInput: Boolean, val count: (Usage) -> Long) {
    INPUT("input", true, Usage::uncachedInputTokens),
    CACHE_READ("cache_read", true, Usage::cacheReadTokens),
    CACHE_WRITE("cache_write", true, Usage::cacheWriteTokens),
    CACHE_WRITE_ONE_HOUR("cache_write_1h", true, Usage::cacheWriteOneHourTokens),
    AUDIO_INPUT("audio_input", true, Usage::audioInputTokens),
    IMAGE_INPUT("image_input", true, Usage::imageInputTokens),
    OUTPUT("output", false, Usage::outputTokens),
    REASONING("reasoning", false, Usage::reasoningTokens),
    AUDIO_OUTPUT("audio_output", false, Usage::audioOutputTokens),
    IMAGE_OUTPUT("image_output", false, Usage::imageOutputTokens),
}
