package io.kompletion.internal.config

import io.kompletion.chat.FallbackRequest
import io.kompletion.chat.FallbackRequestSerializer
import io.kompletion.chat.json.JsonProblem
import io.kompletion.chat.json.ModelJson
import io.kompletion.error.InvalidRequestException
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonElement

/** The target that [value] says at [place]: the name of a model, or the JSON of a fallback. */
internal fun ConfigurationSection.target(place: String, value: JsonElement): FallbackRequest = try {
    ModelJson.decodeFromJsonElement(FallbackRequestSerializer, filled(place, value))
} catch (e: SerializationException) {
    throw wrong(place, "is no target: ${JsonProblem.of(e).text}")
} catch (e: InvalidRequestException) {
    throw wrong(place, "is no target: ${JsonProblem.of(e).text}")
} catch (e: IllegalArgumentException) {
    throw wrong(place, "is no target: ${JsonProblem.of(e).text}")
}
