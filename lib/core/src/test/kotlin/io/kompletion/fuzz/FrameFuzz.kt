package io.kompletion.fuzz

import io.kompletion.internal.wire.AwsFrames
import java.io.ByteArrayOutputStream

/**
 * Amazon's frames with anything in them: damage to a frame itself ends in a checksum, so what is damaged here are the
 * types and the documents that whole frames carry. Each line is a type, a tab and a document.
 */
internal abstract class FrameFuzz(provider: String, private val lines: List<String>) : StreamFuzz(provider) {
    override val name = "frames-$provider"

    override fun seeds(): List<ByteArray> = listOf(lines.joinToString("\n").encodeToByteArray()) +
        lines.map { it.encodeToByteArray() }

    override fun around(text: String): List<ByteArray> = lines.map { line ->
        (line.substringBefore('\t') + "\t{\"contentBlockIndex\":0,\"delta\":{\"a\":$text},\"bytes\":$text}").encodeToByteArray()
    }

    override fun check(data: ByteArray) {
        val out = ByteArrayOutputStream()
        for (line in data.decodeToString().split('\n')) {
            val type = line.substringBefore('\t').filter { it in 'A'..'z' }.take(LONGEST_TYPE)
            val kind = if (type.endsWith("Exception")) ":exception-type" else ":event-type"
            val message = if (type.endsWith("Exception")) "exception" else "event"
            out.write(AwsFrames.frame(line.substringAfter('\t').encodeToByteArray(), ":message-type" to message, kind to type))
        }
        super.check(byteArrayOf(FRAMES, CUT) + out.toByteArray())
    }

    private companion object {
        const val LONGEST_TYPE = 60
    }
}

internal object BedrockFrameFuzz : FrameFuzz(
    "bedrock",
    listOf(
        "messageStart\t{\"role\":\"assistant\"}",
        "contentBlockDelta\t{\"contentBlockIndex\":0,\"delta\":{\"reasoningContent\":{\"text\":\"Hm\"}}}",
        "contentBlockDelta\t{\"contentBlockIndex\":0,\"delta\":{\"reasoningContent\":{\"signature\":\"c2ln\"}}}",
        "contentBlockDelta\t{\"contentBlockIndex\":1,\"delta\":{\"text\":\"Hello\"}}",
        "contentBlockStart\t{\"contentBlockIndex\":2,\"start\":{\"toolUse\":{\"toolUseId\":\"t\",\"name\":\"look\"}}}",
        "contentBlockDelta\t{\"contentBlockIndex\":2,\"delta\":{\"toolUse\":{\"input\":\"{\\\"a\\\":1}\"}}}",
        "contentBlockStop\t{\"contentBlockIndex\":2}",
        "messageStop\t{\"stopReason\":\"tool_use\"}",
        "metadata\t{\"usage\":{\"inputTokens\":3,\"outputTokens\":4,\"totalTokens\":7,\"cacheReadInputTokens\":1}}",
        "throttlingException\t{\"message\":\"slow down\"}",
    ),
)

internal object AnthropicBedrockFrameFuzz : FrameFuzz(
    "anthropic_bedrock",
    listOf(
        "chunk\t{\"bytes\":\"eyJ0eXBlIjoibWVzc2FnZV9zdGFydCIsIm1lc3NhZ2UiOnsiaWQiOiJtIiwicm9sZSI6ImFzc2lzdGFudCIsImNvbnRlbnQiOltdfX0=\"}",
        "chunk\t{\"bytes\":\"eyJ0eXBlIjoiY29udGVudF9ibG9ja19kZWx0YSIsImluZGV4IjowLCJkZWx0YSI6eyJ0eXBlIjoidGV4dF9kZWx0YSIsInRleHQiOiJIaSJ9fQ==\"}",
        "chunk\t{\"bytes\":\"eyJ0eXBlIjoibWVzc2FnZV9zdG9wIn0=\"}",
        "modelStreamErrorException\t{\"message\":\"no\"}",
    ),
)
