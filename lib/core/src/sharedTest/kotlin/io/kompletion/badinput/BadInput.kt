package io.kompletion.badinput

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.error.ConfigurationException
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.UnsupportedParameterException
import io.kompletion.transport.HttpTransport

/**
 * One thing that a caller can get wrong, and what he hears of it.
 *
 * @property expected a refusal before anything is sent, or a remark on the answer
 * @property asJson whether the same mistake can be made in the JSON of a request
 * @property settings of the client, above the keys that every client here has
 * @property request makes the request; may be what fails
 */
internal class BadInput(
    val name: String,
    val expected: Expected,
    val asJson: Boolean = true,
    val settings: KompletionBuilder.() -> Unit = {},
    val request: () -> ChatCompletionRequest,
) {
    override fun toString(): String = name
}

internal sealed interface Expected {
    val words: List<String>
}

/**
 * Nothing is sent.
 *
 * @property words what the message contains: what is wrong, where, why, and what to do
 * @property hidden what it must not show
 */
internal class Refusal(
    val type: Class<out Exception>,
    val param: String?,
    override val words: List<String>,
    val hidden: List<String> = emptyList(),
) : Expected

/** The request is sent, mended or as it is, and the answer has a warning about [parameter]. */
internal class Remark(val parameter: String, val kind: String, override val words: List<String>) : Expected

/** A mistake that belongs to a feature that is still to come. */
internal class LaterInput(val name: String, val joinsWith: String)

internal const val MODEL = "openai/gpt-4o"

internal fun chat(model: String? = MODEL, build: ChatCompletionRequestBuilder.() -> Unit): () -> ChatCompletionRequest =
    { ChatCompletionRequest(model, build) }

/** The request is at fault. */
internal fun invalid(
    name: String,
    param: String?,
    vararg words: String,
    model: String = MODEL,
    asJson: Boolean = true,
    hidden: List<String> = emptyList(),
    settings: KompletionBuilder.() -> Unit = {},
    build: ChatCompletionRequestBuilder.() -> Unit,
): BadInput = BadInput(
    name,
    Refusal(InvalidRequestException::class.java, param, words.toList(), hidden),
    asJson,
    settings,
    chat(model, build),
)

/** The provider or model has no such thing. */
internal fun unsupported(
    name: String,
    param: String,
    vararg words: String,
    model: String = MODEL,
    build: ChatCompletionRequestBuilder.() -> Unit,
): BadInput = BadInput(
    name,
    Refusal(UnsupportedParameterException::class.java, param, words.toList()),
    request = chat(model, build),
)

/** The settings of the client are at fault. */
internal fun misconfigured(
    name: String,
    param: String?,
    vararg words: String,
    model: String = MODEL,
    hidden: List<String> = emptyList(),
    settings: KompletionBuilder.() -> Unit,
): BadInput = BadInput(
    name,
    Refusal(ConfigurationException::class.java, param, words.toList(), hidden),
    settings = settings,
    request = chat(model) { user("Hello") },
)

/** An argument that no request can hold. */
internal fun argument(
    name: String,
    vararg words: String,
    settings: KompletionBuilder.() -> Unit = {},
    build: ChatCompletionRequestBuilder.() -> Unit = {},
): BadInput = BadInput(
    name,
    Refusal(IllegalArgumentException::class.java, null, words.toList()),
    asJson = false,
    settings = settings,
    request = chat { user("Hello").apply(build) },
)

/** JSON that is no request. */
internal fun unreadable(
    name: String,
    param: String?,
    vararg words: String,
    read: () -> ChatCompletionRequest,
): BadInput = BadInput(
    name,
    Refusal(InvalidRequestException::class.java, param, words.toList(), listOf("canary")),
    asJson = false,
    request = read,
)

/** Sent, with a warning. */
internal fun remarked(
    name: String,
    parameter: String,
    kind: String,
    vararg words: String,
    model: String = MODEL,
    settings: KompletionBuilder.() -> Unit = {},
    build: ChatCompletionRequestBuilder.() -> Unit,
): BadInput = BadInput(name, Remark(parameter, kind, words.toList()), settings = settings, request = chat(model, build))

/** A client with keys for every provider, with the [row]'s settings above them. */
internal fun client(row: BadInput, transport: HttpTransport): Kompletion = Kompletion {
    environment(KEYS)
    transport(transport)
    row.settings(this)
}

private val KEYS = mapOf(
    "OPENAI_API_KEY" to "sk-proj-of-the-tests",
    "ANTHROPIC_API_KEY" to "sk-ant-of-the-tests",
    "GEMINI_API_KEY" to "AIza-of-the-tests",
    "DASHSCOPE_API_KEY" to "sk-of-the-tests",
)
