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

/**
 * A source that the model names for what it says.
 *
 * @property kind the provider's name for the form, e.g. `url_citation` or `page_location`
 * @property startIndex first character of the cited span, counted in the answer's text
 * @property endIndex one past the last character of the span
 * @property citedText the passage of the source
 * @property extra the rest of what the provider said
 */
@OptIn(ExperimentalSerializationApi::class)
@KeepGeneratedSerializer
@Serializable(with = CitationSerializer::class)
@ConsistentCopyVisibility
public data class Citation internal constructor(
    @SerialName("type") public val kind: String?,
    public val url: String? = null,
    public val title: String? = null,
    @SerialName("cited_text") public val citedText: String? = null,
    @SerialName("start_index") public val startIndex: Int? = null,
    @SerialName("end_index") public val endIndex: Int? = null,
    @SerialName(EXTRA) public val extra: Map<String, JsonElement> = emptyMap(),
) {
    public companion object {
        @JvmStatic
        @JvmOverloads
        public fun of(url: String, title: String? = null): Citation = Citation("url_citation", url, title)
    }
}

internal object CitationSerializer : OpenObjectSerializer<Citation>(Citation.generatedSerializer())
