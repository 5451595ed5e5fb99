package io.kompletion.providers.bedrock

import io.kompletion.chat.OpenOptions
import io.kompletion.chat.OptionField
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Options of `bedrock`: where at Amazon, with which credentials, and Converse's own fields of a request. An option outranks
 * the field of the request that means the same; the parameters of models and the inference parameters are joined with it
 * name by name.
 *
 * Credentials that are set here sign calls; they are in no request, and neither in the text nor in the JSON of one.
 *
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html">AWS: Converse</a>
 */
public class BedrockOptions internal constructor(values: Map<String, JsonElement>) :
    OpenOptions(BedrockProvider.ID, values) {
    public fun toBuilder(): Builder = Builder(toMap())

    /** Collects [BedrockOptions]. Passing null unsets an option. */
    public class Builder internal constructor(from: Map<String, JsonElement>) : AwsOptionsBuilder<Builder>(from) {
        /** Parameters of one maker's models, in that maker's own words; an object. */
        @get:JvmSynthetic @set:JvmSynthetic
        public var additionalModelRequestFields: JsonElement? by tree("additionalModelRequestFields")

        /** JSON pointers to fields of the model's own answer that are wanted, e.g. `/stop_sequence`; at most 10. */
        @get:JvmSynthetic @set:JvmSynthetic
        public var additionalModelResponseFieldPaths: List<String>? by texts("additionalModelResponseFieldPaths")

        /** Inference parameters in Converse's own words; an object. */
        @get:JvmSynthetic @set:JvmSynthetic public var inferenceConfig: JsonElement? by tree("inferenceConfig")

        /** The guardrail that reads along; an object. */
        @get:JvmSynthetic @set:JvmSynthetic public var guardrailConfig: JsonElement? by tree("guardrailConfig")

        /** `standard`, or `optimized` for faster answers of models that have it. */
        @get:JvmSynthetic @set:JvmSynthetic public var latency: String? by inner("performanceConfig", "latency")

        /** `default`, `flex`, `priority` or `reserved`. */
        @get:JvmSynthetic @set:JvmSynthetic public var serviceTier: String? by inner("serviceTier", "type")

        /** Facts to find the call by in the log of invocations; 1 to 16. */
        @get:JvmSynthetic @set:JvmSynthetic public var requestMetadata: Map<String, String>? by pairs("requestMetadata")

        /** Values for the variables of a stored prompt, whose ARN is the model. */
        @get:JvmSynthetic @set:JvmSynthetic public var promptVariables: Map<String, String>? by variables()

        public fun additionalModelRequestFields(value: JsonElement?): Builder = apply {
            additionalModelRequestFields = value
        }

        /** The same as JSON text. */
        public fun additionalModelRequestFields(json: String): Builder =
            additionalModelRequestFields(parsed("additionalModelRequestFields", json))

        public fun additionalModelResponseFieldPaths(value: List<String>?): Builder = apply {
            additionalModelResponseFieldPaths = value
        }

        public fun inferenceConfig(value: JsonElement?): Builder = apply { inferenceConfig = value }

        /** The same as JSON text. */
        public fun inferenceConfig(json: String): Builder = inferenceConfig(parsed("inferenceConfig", json))

        public fun guardrailConfig(value: JsonElement?): Builder = apply { guardrailConfig = value }

        /** The same as JSON text. */
        public fun guardrailConfig(json: String): Builder = guardrailConfig(parsed("guardrailConfig", json))

        /** The guardrail with this id or ARN; [version] is a number or `DRAFT`. */
        public fun guardrail(identifier: String, version: String): Builder = guardrail(identifier, version, null)

        /** The same with [trace], `enabled`, `disabled` or `enabled_full`. */
        public fun guardrail(identifier: String, version: String, trace: String?): Builder = guardrailConfig(
            JsonObject(
                listOfNotNull(
                    "guardrailIdentifier" to JsonPrimitive(identifier),
                    "guardrailVersion" to JsonPrimitive(version),
                    trace?.let { "trace" to JsonPrimitive(it) },
                ).toMap(),
            ),
        )

        public fun latency(value: String?): Builder = apply { latency = value }

        public fun serviceTier(value: String?): Builder = apply { serviceTier = value }

        public fun requestMetadata(value: Map<String, String>?): Builder = apply { requestMetadata = value }

        public fun promptVariables(value: Map<String, String>?): Builder = apply { promptVariables = value }

        /** A text that is the only field of an object. */
        private fun inner(name: String, field: String) = OptionField<String>(
            values,
            name,
            { JsonObject(mapOf(field to JsonPrimitive(it))) },
            { ((it as? JsonObject)?.get(field) as? JsonPrimitive)?.content },
        )

        private fun variables() = OptionField<Map<String, String>>(
            values,
            "promptVariables",
            { all -> JsonObject(all.mapValues { JsonObject(mapOf("text" to JsonPrimitive(it.value))) }) },
            { json ->
                (json as? JsonObject)?.mapValues { (it.value as? JsonObject)?.get("text").let(::content) }
            },
        )

        private fun content(value: JsonElement?) = (value as? JsonPrimitive)?.content.orEmpty()

        public fun build(): BedrockOptions = BedrockOptions(values)
    }

    public companion object {
        @JvmStatic
        public fun builder(): Builder = Builder(emptyMap())

        @JvmSynthetic
        public operator fun invoke(build: Builder.() -> Unit): BedrockOptions = builder().apply(build).build()
    }
}
