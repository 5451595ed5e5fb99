package io.kompletion.providers.watsonx

import io.kompletion.internal.wire.PathSegment
import io.kompletion.internal.wire.WireJson
import io.kompletion.provider.ChatCodec
import io.kompletion.provider.EncodedChat
import io.kompletion.provider.Target
import io.kompletion.providers.openai.OpenAiCodec
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * OpenAI's chat completions as watsonx.ai speaks them: streams have a path of their own, the body says whose call it is,
 * and a tool choice in one word has another field. A deployment knows its model, and whose it is.
 */
internal class WatsonxCodec(private val chat: OpenAiCodec) : ChatCodec by chat {
    override fun encode(target: Target, streaming: Boolean): EncodedChat {
        val plain = chat.encode(target, streaming)
        val deployment = target.model.substringAfter(DEPLOYMENT, "").takeIf { target.model.startsWith(DEPLOYMENT) }
        val sent = WireJson.parse(plain.body, 0, plain.body.size) as JsonObject
        val fields = LinkedHashMap<String, JsonElement>()
        if (deployment == null) {
            fields["model_id"] = JsonPrimitive(target.model)
            for (name in OWNERS) target.settings[name]?.let { fields[name] = JsonPrimitive(it) }
        }
        for ((name, value) in sent) {
            when {
                name in ELSEWHERE -> Unit
                name == "tool_choice" && value is JsonPrimitive -> fields["tool_choice_option"] = value
                else -> fields[name] = value
            }
        }
        val place = if (deployment == null) "" else "/deployments/${PathSegment.encode(deployment)}"
        val verb = if (streaming) "chat_stream" else "chat"
        return EncodedChat(
            "/ml/v1$place/text/$verb?version=${target.settings.getValue(WatsonxSetup.VERSION)}",
            plain.headers,
            JsonObject(fields).toString().encodeToByteArray(),
            plain.warnings,
        )
    }

    private companion object {
        const val DEPLOYMENT = "deployment/"
        val OWNERS = listOf(WatsonxSetup.PROJECT, WatsonxSetup.SPACE)

        /** What the path says, or another field. */
        val ELSEWHERE = setOf("model", "stream")
    }
}
