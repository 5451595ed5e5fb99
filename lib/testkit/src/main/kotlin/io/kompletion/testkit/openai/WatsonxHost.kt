package io.kompletion.testkit.openai

import io.kompletion.testkit.internal.FakeFailure
import io.kompletion.testkit.internal.MessageWriting
import io.kompletion.testkit.internal.RefusedException
import io.kompletion.testkit.server.LoopbackRequest
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.addJsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import java.net.URLDecoder

/** IBM watsonx.ai: streams under a path of their own, the model under another name, events with numbers. */
internal object WatsonxHost : ChatHost {
    override val basePath: String get() = ""

    /** The chunk with the role. */
    override val openingEvents: Int get() = 1

    override fun checkHead(http: LoopbackRequest, apiKey: String?) {
        if (http.method != "POST" ||
            !PATH.matches(http.path)
        ) {
            throw RefusedException(404, "Not found", code = "not_found")
        }
        if (http.query.split('&').none { VERSION.matches(it) }) {
            throw RefusedException(400, "The 'version' query parameter is missing", code = "invalid_request_entity")
        }
        val token = bearer(http)
        if (token.isNullOrEmpty() || (apiKey != null && token != apiKey)) {
            throw RefusedException(401, "Failed to authenticate the request", code = "authentication_token_not_valid")
        }
    }

    override fun body(http: LoopbackRequest, body: JsonObject): JsonObject {
        val (deployment, verb) = checkNotNull(PATH.matchEntire(http.path)).destructured
        val fields = LinkedHashMap<String, JsonElement>(body)
        val own = fields.remove("model_id")
        val owner = listOf("project_id", "space_id").mapNotNull { fields.remove(it) }
        if (deployment.isEmpty() && owner.size != 1) {
            throw refused("Either 'project_id' or 'space_id' has to be given, and not both")
        }
        for (name in listOf("model", "stream", "stream_options")) {
            if (name in fields) throw refused("Json document has an unknown field '$name'")
        }
        val model = if (deployment.isEmpty()) {
            own
        } else {
            JsonPrimitive("deployment/" + URLDecoder.decode(deployment, "UTF-8"))
        }
        model?.let { fields["model"] = it }
        fields.remove("tool_choice_option")?.let { fields["tool_choice"] = it }
        if (verb == "chat_stream") {
            fields["stream"] = JsonPrimitive(true)
            fields["stream_options"] = buildJsonObject { put("include_usage", true) }
        }
        return JsonObject(fields)
    }

    private fun refused(message: String) = RefusedException(400, message, code = "json_validation_error")

    override fun headers(number: Int): List<Pair<String, String>> =
        listOf("x-global-transaction-id" to "req_fake_$number")

    override fun error(failure: FakeFailure): JsonObject {
        val usual = openAiError(failure).getValue("error") as JsonObject
        return buildJsonObject {
            putJsonArray("errors") {
                addJsonObject {
                    put("code", usual["code"] ?: JsonPrimitive("unknown"))
                    put("message", usual.getValue("message"))
                    put("more_info", "https://cloud.ibm.com/apidocs/watsonx-ai#text-chat")
                }
            }
            put("trace", "trace_fake")
            put("status_code", failure.status)
        }
    }

    override fun dressed(message: MessageWriting): MessageWriting = Numbered(message)

    private class Numbered(private val message: MessageWriting) : MessageWriting {
        override fun whole(): JsonElement = message.whole()

        /** There is no end marker. */
        override fun events(): List<String> = message.events().dropLast(1).mapIndexed { index, event ->
            "id: ${index + 1}\nevent: message\n$event"
        }
    }

    private val PATH = Regex("/ml/v1(?:/deployments/([^/]+))?/text/(chat|chat_stream)")
    private val VERSION = Regex("version=\\d{4}-\\d{2}-\\d{2}")
}
