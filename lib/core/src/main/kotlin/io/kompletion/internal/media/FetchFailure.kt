package io.kompletion.internal.media

import io.kompletion.error.MediaFetchException

/** Why a medium does not come; made into a [MediaFetchException] where its place in the request is known. */
internal class FetchFailure(
    val kind: MediaFetchException.Kind,
    override val message: String,
    val status: Int? = null,
    cause: Throwable? = null,
) : Exception(message, cause, false, false)
