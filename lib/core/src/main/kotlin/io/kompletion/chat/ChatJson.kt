@file:JvmName("ChatJson")

package io.kompletion.chat

import io.kompletion.chat.json.ModelJson
import io.kompletion.chat.json.TreeSerializer
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.modules.SerializersModule

/** [ModelJson], with chunks of later versions read as [UnknownChunk]. */
private val ChunkJson = Json(ModelJson) {
    serializersModule = SerializersModule {
        polymorphicDefaultDeserializer(ChatCompletionChunk::class) { UnknownChunkSerializer }
    }
}

/** A chunk in its JSON form, as a gateway or a log writes it. */
public fun ChatCompletionChunk.toJson(): String = when (this) {
    is UnknownChunk -> JsonObject(raw).toString()
    else -> ChunkJson.encodeToString(ChatCompletionChunk.serializer(), this)
}

/** Reads a chunk from its JSON form; a `type` that this version does not know becomes an [UnknownChunk]. */
public fun chunkFromJson(json: String): ChatCompletionChunk =
    ChunkJson.decodeFromString(ChatCompletionChunk.serializer(), json)

internal object UnknownChunkSerializer : TreeSerializer<UnknownChunk>("io.kompletion.UnknownChunk") {
    override fun read(element: JsonElement): UnknownChunk {
        val fields = element as? JsonObject ?: throw SerializationException("a chunk must be an object with a \"type\"")
        return UnknownChunk((fields["type"] as? JsonPrimitive)?.content.orEmpty(), fields)
    }

    override fun write(value: UnknownChunk): JsonElement = JsonObject(value.raw)
}
