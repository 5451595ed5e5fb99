package io.kompletion.providers.bedrock

import io.kompletion.internal.wire.EventJson
import io.kompletion.internal.wire.int
import io.kompletion.internal.wire.obj
import io.kompletion.internal.wire.string
import io.kompletion.provider.AnswerSink
import io.kompletion.provider.StreamDecoder
import kotlinx.serialization.json.JsonObject

/** Reads the events of ConverseStream. What an event is stands in the head of its frame; kinds nobody knows are passed over. */
internal class BedrockStreamDecoder(providerId: String, private val out: AnswerSink) : StreamDecoder {
    private val reader = BedrockAnswerReader(providerId, out)
    private val events = EventJson()
    private var stopped = false

    override fun accept(name: String?, data: ByteArray, start: Int, end: Int) {
        val event = events.parse(data, start, end) as? JsonObject ?: return
        val index = event.int("contentBlockIndex") ?: 0
        when (name) {
            "contentBlockStart" -> reader.begin(index, event.obj("start") ?: NOTHING)

            "contentBlockDelta" -> event.obj("delta")?.let { reader.delta(index, it) }

            "contentBlockStop" -> reader.end(index)

            "messageStop" -> {
                reader.endAll()
                event.string("stopReason")?.let(reader::finish)
                reader.tail(event, STOP)
                stopped = true
            }

            // The figures come last.
            "metadata" -> {
                reader.tail(event, emptySet())
                if (stopped) out.done()
            }
        }
    }

    private companion object {
        val STOP = setOf("stopReason")
        val NOTHING = JsonObject(emptyMap())
    }
}
