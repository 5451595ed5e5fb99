package io.kompletion.providers.vertex

import io.kompletion.chat.OptionsBuilder
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonPrimitive

/**
 * What the options of every provider at Google Cloud have: the place and the credentials. Passing null unsets an option.
 */
public abstract class VertexOptionsBuilder<B : VertexOptionsBuilder<B>> internal constructor(
    from: Map<String, JsonElement>,
) : OptionsBuilder<B>(from) {
    /**
     * The location, e.g. `us-east5`, or `global`, `us` or `eu`; null takes it from the environment, and `google_vertex`
     * then takes `global`.
     */
    @get:JvmSynthetic @set:JvmSynthetic public var region: String? by text(VertexPlace.LOCATION)

    /** Id or number of the project; null takes it from the environment, then from the key file. */
    @get:JvmSynthetic @set:JvmSynthetic public var projectId: String? by text(VertexPlace.PROJECT)

    /** The key file of a service account, as an object or as a text that holds one. */
    @get:JvmSynthetic @set:JvmSynthetic
    public var serviceAccountCredentials: JsonElement? by tree(VertexSetup.CREDENTIALS)

    /** Another place in front of `/projects/…`; null is Google's host of the location. */
    @get:JvmSynthetic @set:JvmSynthetic public var baseUrl: String? by text("base_url")

    public fun region(value: String?): B = changed { region = value }

    public fun projectId(value: String?): B = changed { projectId = value }

    public fun serviceAccountCredentials(value: JsonElement?): B = changed { serviceAccountCredentials = value }

    /** The same as the text of the file. */
    public fun serviceAccountCredentials(json: String): B = serviceAccountCredentials(JsonPrimitive(json))

    public fun baseUrl(value: String?): B = changed { baseUrl = value }
}
