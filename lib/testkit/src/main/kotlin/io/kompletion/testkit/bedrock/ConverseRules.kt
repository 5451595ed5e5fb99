package io.kompletion.testkit.bedrock

import io.kompletion.testkit.internal.RefusedException
import io.kompletion.testkit.internal.array
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.text
import kotlinx.serialization.json.JsonObject

/** What Bedrock refuses in a body; what a client library is likely to break. */
internal object ConverseRules {
    fun check(body: JsonObject) {
        for (name in body.keys) if (name !in FIELDS) refuse("Unexpected field $name")
        val messages = body.objects("messages")
        if (messages.isEmpty()) refuse("A conversation must have at least one message.")
        if (messages[0].text("role") != "user") refuse("A conversation must start with a user message.")
        messages.zipWithNext { one, next ->
            if (one.text("role") ==
                next.text("role")
            ) {
                refuse("A conversation must alternate between user and assistant roles.")
            }
        }
        messages.forEachIndexed { m, message ->
            if (message.objects(
                    "content",
                ).isEmpty()
            ) {
                refuse("The content field in the Message object at messages.$m is empty.")
            }
            message.objects("content").forEachIndexed { c, block -> block(block, "messages.$m.content.$c") }
        }
        for (block in body.objects("system")) block(block, "system")
        results(messages)
        val tools = body.obj("toolConfig")?.array("tools")
        if (tools != null && tools.isEmpty()) refuse("toolConfig.tools must have at least one tool.")
        val calls = messages.flatMap { it.objects("content") }.any { "toolUse" in it || "toolResult" in it }
        if (calls && tools == null) {
            refuse("The toolConfig field must be defined when using toolUse and toolResult content blocks.")
        }
        body.obj("toolConfig")?.objects("tools").orEmpty().mapNotNull { it.obj("toolSpec") }.forEach { tool ->
            if (!NAME.matches(tool.text("name").orEmpty())) refuse("toolConfig: the name of a tool must match $NAME")
            if (tool.obj("inputSchema")?.obj("json") == null) refuse("toolConfig: a tool needs inputSchema.json")
        }
    }

    private fun block(block: JsonObject, place: String) {
        if (block.size != 1) refuse("The value at $place must have exactly one member, it has ${block.keys}")
        if (block.text("text")?.isBlank() ==
            true
        ) {
            refuse("The text field in the ContentBlock object at $place is blank.")
        }
        block.obj("toolUse")?.let {
            if (!NAME.matches(it.text("toolUseId").orEmpty())) refuse("$place.toolUse.toolUseId must match $NAME")
        }
    }

    /** The results of a turn's calls stand in the next message, all of them. */
    private fun results(messages: List<JsonObject>) {
        var pending = emptySet<String>()
        messages.forEachIndexed { index, message ->
            val blocks = message.objects("content")
            val results = blocks.mapNotNull { it.obj("toolResult")?.text("toolUseId") }.toSet()
            if (message.text("role") == "user" && results != pending) {
                refuse(
                    "Expected toolResult blocks at messages.$index.content for the following Ids: ${pending.joinToString()}",
                )
            }
            if (message.text("role") ==
                "assistant"
            ) {
                pending = blocks.mapNotNull { it.obj("toolUse")?.text("toolUseId") }.toSet()
            }
        }
    }

    private fun refuse(message: String): Nothing = throw RefusedException(BAD, message, "ValidationException")

    private const val BAD = 400
    private val NAME = Regex("[a-zA-Z0-9_-]{1,64}")
    private val FIELDS = setOf(
        "messages", "system", "inferenceConfig", "toolConfig", "guardrailConfig", "additionalModelRequestFields",
        "promptVariables", "additionalModelResponseFieldPaths", "requestMetadata", "performanceConfig", "serviceTier",
        "outputConfig",
    )
}
