package io.kompletion.testkit.internal

import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.server.LoopbackRequest
import kotlinx.serialization.json.JsonElement

/** One provider's protocol, seen from the server: what a fake needs beyond its script. Thread-safe. */
internal interface FakeProtocol {
    /** Path of the base URL. */
    val basePath: String

    /** How many events of a stream come before the first one with content. */
    val openingEvents: Int

    /**
     * Checks a request and reads the conversation out of it.
     *
     * @param apiKey the only key to take; null for any
     * @throws RefusedException when the real server would not take the request
     */
    fun read(http: LoopbackRequest, index: Int, apiKey: String?): FakeRequest

    /** How the answer with this [number] goes out. */
    fun wire(http: LoopbackRequest, number: Int, pacing: Pacing): ReplyWire
}

/** How one answer is put on the wire. */
internal interface ReplyWire {
    /** The script's pacing with its headers under the provider's own names. */
    val pacing: Pacing

    /** Headers of every answer; those of the script outweigh them. */
    val headers: List<Pair<String, String>>

    val jsonType: String get() = "application/json"

    val streamType: String get() = "text/event-stream; charset=utf-8"

    /** An event of a stream as it goes out. */
    fun bytes(event: String): ByteArray = event.encodeToByteArray()

    /** Headers of an answer that is an error, beside those of every answer. */
    fun errorHeaders(failure: FakeFailure): List<Pair<String, String>> = emptyList()

    /** The body of an answer that is an error. */
    fun error(failure: FakeFailure): JsonElement

    /** An error inside a stream, framed. */
    fun errorEvent(failure: FakeFailure): String

    fun message(request: FakeRequest, message: FakeAnswer.Message): MessageWriting
}

/** One message of the model in both its forms. */
internal interface MessageWriting {
    fun whole(): JsonElement

    /** The events of the stream in order, framed. */
    fun events(): List<String>
}
