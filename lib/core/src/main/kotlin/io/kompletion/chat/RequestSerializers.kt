package io.kompletion.chat

import io.kompletion.Secret
import io.kompletion.chat.json.CredentialNames
import io.kompletion.chat.json.EXTRA
import io.kompletion.chat.json.OpenObjectSerializer
import io.kompletion.chat.json.TreeSerializer
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.intOrNull

/** Other names under which requests of the libraries that users come from carry the same thing. */
private val ALIASES = mapOf(
    "provider_kwargs" to "provider_options",
    "vendor_kwargs" to "provider_options",
    "api_base" to "base_url",
    "cache_control" to "cache_breakpoint",
    "headers" to "extra_headers",
)

/** Unknown fields of a request belong to its body; `num_retries` is short for a retry configuration. */
private fun asWritten(element: JsonElement): JsonElement {
    val source = element as? JsonObject ?: return element
    val retries = (source["num_retries"] as? JsonPrimitive)?.intOrNull
    val fields = LinkedHashMap(source)
    fields.remove("num_retries")
    if (retries != null && fields["retry"] == null) {
        fields["retry"] = JsonObject(mapOf("enabled" to JsonPrimitive(true), "max_retries" to JsonPrimitive(retries)))
    }
    (fields["retry"] as? JsonObject)?.let { retry ->
        if ("enabled" !in retry) fields["retry"] = JsonObject(retry + ("enabled" to JsonPrimitive(true)))
    }
    if (fields["extra_body"] is JsonNull) fields.remove("extra_body")
    // OpenRouter has a field of this name in its bodies: an object that says which of its providers may serve.
    (fields["provider"] as? JsonObject)?.let { choice ->
        fields.remove("provider")
        val body = fields["extra_body"] as? JsonObject ?: JsonObject(emptyMap())
        fields["extra_body"] = JsonObject(mapOf("provider" to choice) + body)
    }
    return JsonObject(fields)
}

/** Moves what the wrapper set aside as unknown into `extra_body`, where a field of that name given on purpose wins. */
private fun intoBody(element: JsonElement): JsonElement {
    val source = element as? JsonObject ?: return element
    val unknown = source[EXTRA] as? JsonObject ?: return element
    val body = source["extra_body"] as? JsonObject ?: JsonObject(emptyMap())
    return JsonObject(source.filterKeys { it != EXTRA } + ("extra_body" to JsonObject(unknown + body)))
}

internal object ChatCompletionRequestSerializer :
    OpenObjectSerializer<ChatCompletionRequest>(ChatCompletionRequest.generatedSerializer(), ALIASES) {
    override fun transformDeserialize(element: JsonElement): JsonElement =
        intoBody(super.transformDeserialize(asWritten(element)))

    override fun transformSerialize(element: JsonElement): JsonElement = withoutKeys(super.transformSerialize(element))
}

internal object FallbackRequestSerializer :
    OpenObjectSerializer<FallbackRequest>(FallbackRequest.generatedSerializer(), ALIASES) {
    override fun transformDeserialize(element: JsonElement): JsonElement {
        if (element is JsonPrimitive && element.isString) return JsonObject(mapOf("model" to element))
        val own = if (element is JsonObject) CallFields.refuse(element) else element
        val fields = listed(intoBody(super.transformDeserialize(asWritten(own))))
        return if (fields is JsonObject && "model" !in fields) JsonObject(fields + ("model" to JsonNull)) else fields
    }

    /** One failure may stand without its list. */
    private fun listed(fields: JsonElement): JsonElement {
        val one = (fields as? JsonObject)?.get("on") as? JsonPrimitive ?: return fields
        return if (one.isString) JsonObject(fields + ("on" to JsonArray(listOf(one)))) else fields
    }

    override fun transformSerialize(element: JsonElement): JsonElement = withoutKeys(super.transformSerialize(element))
}

/** Without the key, and without credentials among the fields that have no types. */
private fun withoutKeys(element: JsonElement): JsonElement {
    if (element !is JsonObject) return element
    val kept = element.filterKeys { it != "api_key" }
    return JsonObject(
        kept.mapValues { (name, value) ->
            if (name in
                UNTYPED
            ) {
                CredentialNames.without(value)
            } else {
                value
            }
        },
    )
}

private val UNTYPED = setOf("provider_options", "extra_headers", "extra_body")

/** Reads a key and never writes one. */
internal object SecretSerializer : TreeSerializer<Secret>("io.kompletion.Secret") {
    override fun read(element: JsonElement): Secret =
        Secret((element as? JsonPrimitive)?.content ?: throw SerializationException("api_key must be a string"))

    override fun write(value: Secret): JsonElement = JsonNull
}
