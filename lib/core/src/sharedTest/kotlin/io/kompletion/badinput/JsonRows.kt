package io.kompletion.badinput

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.deserializeConversation

internal fun json(text: String): ChatCompletionRequest = ChatCompletionRequest.fromJson(text)

private fun conversation(text: String): ChatCompletionRequest = ChatCompletionRequest(MODEL) {
    messages(deserializeConversation(text))
}

/** Stored requests and conversations. */
internal val jsonRows = listOf(
    unreadable("a request that is no JSON", null, "the request is not readable as JSON") {
        json("""{"model": canary""")
    },
    unreadable("a request that is a list", null, "the request is not readable as JSON") { json("[]") },
    unreadable("a request without a model", "model", "it has no \"model\"") { json("""{"messages":[]}""") },
    unreadable("a request without messages", "messages", "it has no \"messages\"") { json("""{"model":"$MODEL"}""") },
    unreadable("a temperature that is text", "temperature", "the request is not readable as JSON") {
        json("""{"model":"$MODEL","messages":[],"temperature":"warm"}""")
    },
    unreadable("repeats below zero", "retry", "max_retries must be in 0..100, got -1") {
        json("""{"model":"$MODEL","messages":[],"retry":{"max_retries":-1}}""")
    },
    unreadable("a role that nobody knows", "messages[0]", "messages[0]: unknown message role \"robot\"; known: system, developer, user") {
        json("""{"model":"$MODEL","messages":[{"role":"robot"}]}""")
    },
    unreadable("a conversation that was cut off", "conversation", "conversation is no JSON at line 1, column") {
        conversation("""[{"role":"user","content":"canary""")
    },
    unreadable("a conversation that is an object", null, "a conversation must be a JSON array of messages") {
        conversation("""{"version":9,"messages":[]}""")
    },
    unreadable("a message that is text", "messages[1]", "messages[1]: a message must be an object with a \"role\"") {
        conversation("""[{"role":"user","content":"Hi"},"canary"]""")
    },
    unreadable("a stored role that nobody knows", "messages[0]", "messages[0]: unknown message role \"robot\"") {
        conversation("""[{"role":"robot"}]""")
    },
    unreadable(
        "a stored call without a name",
        "messages[0]",
        "messages[0]: the function of a tool call has no \"name\"",
    ) {
        conversation("""[{"role":"assistant","tool_calls":[{"id":"a","function":{}}]}]""")
    },
    unreadable("ten thousand levels", "conversation", "conversation is no JSON") {
        conversation("[".repeat(10_000) + "]".repeat(10_000))
    },
    unreadable("a stored image of this machine", "messages[0].content[0]", "scheme \"file\" is not allowed") {
        conversation("""[{"role":"user","content":[{"type":"image_url","image_url":{"url":"file:///etc/canary"}}]}]""")
    },
)

/** What waits for a feature that is not there yet. */
internal val laterRows = listOf(
    LaterInput("embeddings of nothing, of an empty text, of too many texts, of no dimensions", "embeddings"),
    LaterInput("a ranking of no documents, for a blank query, of fewer than none", "reranking"),
    LaterInput("speech of nothing, too long, too fast, in an unknown format", "speech"),
    LaterInput("a recording without bytes, without a known type, too large", "transcription"),
    LaterInput("a file without a purpose, a folder, an unreadable file, a name with line ends", "files"),
    LaterInput("a batch with a repeated id, with nothing, with too much, with streams", "batches"),
    LaterInput("recognition without a document, of pages backwards", "OCR"),
    LaterInput("no images, too many, of an unknown size", "images"),
    LaterInput("moderation of nothing", "moderation"),
    LaterInput("an Azure resource and an AWS region that move the host", "Azure and Bedrock"),
    LaterInput("a configuration file with an unknown key, a wrong type, a missing variable", "configuration files"),
    LaterInput("a provider template without a model, with a bad kind of key", "providers as data"),
    LaterInput("a budget below zero, a model without a price under a limit", "budgets"),
    LaterInput("a cache without time or room", "the cache"),
    LaterInput("a previous response beside a conversation", "responses"),
)

/** Every mistake that can be made today. */
internal val badInputs: List<BadInput> =
    modelRows + settingRows + messageRows + toolRows + numberRows + mediaRows + bodyRows + cloudRows + jsonRows
