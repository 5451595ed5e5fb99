@file:UseSerializers(KeptNumbers::class)

package io.kompletion.chat

import io.kompletion.chat.json.EXTRA
import io.kompletion.chat.json.KeptNumbers
import io.kompletion.chat.json.OpenObjectSerializer
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.KeepGeneratedSerializer
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.UseSerializers
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonPrimitive

/**
 * Voice and format of a spoken answer; goes with `modalities` that contain `audio`.
 *
 * @property voice the provider's name of the voice, or a JSON object where a provider wants one
 * @property format `wav`, `mp3`, `opus`, `flac`, `aac` or `pcm16`; streams usually need `pcm16`
 */
@OptIn(ExperimentalSerializationApi::class)
@KeepGeneratedSerializer
@Serializable(with = AudioOptionsSerializer::class)
@ConsistentCopyVisibility
public data class AudioOptions internal constructor(
    public val voice: JsonElement?,
    public val format: String? = null,
    @SerialName(EXTRA) public val extra: Map<String, JsonElement> = emptyMap(),
) {
    public companion object {
        @JvmStatic
        public fun of(voice: String, format: String): AudioOptions = AudioOptions(JsonPrimitive(voice), format)
    }
}

internal object AudioOptionsSerializer : OpenObjectSerializer<AudioOptions>(AudioOptions.generatedSerializer())
