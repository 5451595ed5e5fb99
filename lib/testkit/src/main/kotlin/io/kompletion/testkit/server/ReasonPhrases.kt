package io.kompletion.testkit.server

/** The reason phrase of RFC 9110 for the statuses that fakes use; the class's name for any other. */
internal fun reasonPhrase(status: Int): String = PHRASES[status] ?: when (status / 100) {
    1 -> "Informational"
    2 -> "Success"
    3 -> "Redirection"
    4 -> "Client Error"
    else -> "Server Error"
}

private val PHRASES = mapOf(
    100 to "Continue",
    103 to "Early Hints",
    200 to "OK",
    201 to "Created",
    202 to "Accepted",
    204 to "No Content",
    301 to "Moved Permanently",
    302 to "Found",
    303 to "See Other",
    307 to "Temporary Redirect",
    308 to "Permanent Redirect",
    400 to "Bad Request",
    401 to "Unauthorized",
    402 to "Payment Required",
    403 to "Forbidden",
    404 to "Not Found",
    405 to "Method Not Allowed",
    408 to "Request Timeout",
    409 to "Conflict",
    413 to "Content Too Large",
    422 to "Unprocessable Content",
    425 to "Too Early",
    429 to "Too Many Requests",
    500 to "Internal Server Error",
    502 to "Bad Gateway",
    503 to "Service Unavailable",
    504 to "Gateway Timeout",
)
