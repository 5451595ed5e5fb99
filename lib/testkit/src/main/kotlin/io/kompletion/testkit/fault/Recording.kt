package io.kompletion.testkit.fault

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonObject
import java.time.Duration
import java.util.Base64

/**
 * One protocol's own good answer, which the [Fault]s damage: a streamed text, a streamed tool call, a whole answer and
 * an error, as the provider's servers send them.
 *
 * Each is a folder of `io/kompletion/testkit/recordings` on the class path; [all] finds every folder there, so that a
 * protocol joins the faults by its folder alone. Immutable.
 *
 * @property name name of the folder, which is the protocol's
 */
public class Recording internal constructor(public val name: String, private val files: RecordingFiles) {
    private val about: JsonObject = Json.parseToJsonElement(files.text("recording.json")).jsonObject

    /** Id of the provider in the client, e.g. `openai`. */
    public val provider: String = text("provider")

    /** A model of the provider, without the provider's name. */
    public val model: String = text("model")

    /** What follows the server's address in the base URL, e.g. `/v1`. */
    public val basePath: String = text("base_path")

    /** Content type of the streamed answer. */
    public val contentType: String = text("content_type")

    /** Name of the header in which the key or token travels; null where requests are signed with it, and it stays. */
    public val authHeader: String? = (about["auth_header"] as? JsonPrimitive)?.contentOrNull

    /** Further options of the provider, e.g. the project. */
    internal val options: JsonObject = about["options"]?.jsonObject ?: JsonObject(emptyMap())

    /** What kind of credential lets a client in; see [FaultCredential]. */
    internal val credential: String = text("credential")

    internal val framing: StreamFraming = StreamFraming.named(text("framing"))

    /** The field of an envelope in which each document of a stream travels in base64; null where it travels bare. */
    private val wrappedIn: String? = (about["wrapped_in"] as? JsonPrimitive)?.contentOrNull

    /** The text of the answer, streamed and whole alike. It holds a character of four bytes. */
    public val answer: String = text("text")

    /** Input tokens that the answer reports. */
    public val inputTokens: Int = int("input_tokens")

    /** Output tokens that the answer reports. */
    public val outputTokens: Int = int("output_tokens")

    /** Name of the tool that the streamed tool call calls. */
    public val toolName: String = text("tool", "name")

    /** Arguments of that call, as JSON. */
    public val toolArguments: String = about.getValue("tool").jsonObject.getValue("arguments").toString()

    internal val stream: ByteArray = framing.stream(files.bytes(stream("stream")))
    internal val tool: ByteArray = framing.stream(files.bytes(stream("tool")))
    internal val whole: ByteArray = files.bytes("whole.json")
    internal val error: ByteArray = files.bytes("error.json")
    internal val errorEvent: ByteArray = framing.stream(files.bytes(stream("error-event")))
    internal val quota: ByteArray = files.bytes("quota.json")

    /** How many of the last events are nothing but the mark of the end; 0 when there is none. */
    internal val markerEvents: Int = int("marker_events")

    /** How many of the last events say, each for itself, that the answer has ended; usage among them counts. */
    internal val endEvents: Int = int("end_events")

    private val textEvent: Int = int("text_event")

    internal val errorStatus: Int = int("error", "status")
    internal val quotaStatus: Int = int("quota", "status")

    /** What [error] is to the caller, as an answer and inside a stream. */
    internal val errorOutcome: ExpectedOutcome = ExpectedOutcome.provider(text("error", "exception"), errorStatus)
    internal val quotaOutcome: ExpectedOutcome = ExpectedOutcome.provider(text("quota", "exception"), quotaStatus)

    /** Status and pause of the error `cases/retry-hint.json`, which says in its body when to come back. */
    internal val hintStatus: Int get() = int("retry_hint", "status")
    internal val hintPause: Duration get() = Duration.ofMillis(int("retry_hint", "pause_millis").toLong())

    private val notApplicable = about.getValue("not_applicable").jsonObject

    /** Why the fault [id] cannot occur in this protocol; null when it can. */
    internal fun reasonAgainst(id: String): String? = (notApplicable[id] as? JsonPrimitive)?.content

    /** The file with one form of the protocol. */
    internal fun case(file: String): ByteArray = files.bytes("cases/$file")

    /** The same of a form that is a stream, as it goes over the wire. */
    internal fun caseStream(name: String): ByteArray = framing.stream(case(stream(name)))

    internal fun hasCase(file: String): Boolean = files.bytesOrNull("cases/$file") != null

    /** Name of the file of the stream [name]. */
    internal fun stream(name: String): String = "$name.${framing.extension}"

    /** [stream] cut into its events, framing included. */
    internal fun events(): List<ByteArray> = framing.cut(stream)

    /** An event of [stream] with a piece of the text and nothing else. */
    internal fun textEvent(): ByteArray = events()[textEvent]

    /** What the protocol says in [event], out of its framing. */
    internal fun document(event: ByteArray): ByteArray {
        val framed = framing.document(event)
        val field = wrappedIn ?: return framed
        val envelope = Json.parseToJsonElement(framed.decodeToString()).jsonObject
        return Base64.getDecoder().decode((envelope.getValue(field) as JsonPrimitive).content)
    }

    /** [event] with [document] in place of what it says. */
    internal fun reframed(event: ByteArray, document: ByteArray): ByteArray {
        val field = wrappedIn ?: return framing.reframed(event, document)
        val text = JsonPrimitive(Base64.getEncoder().encodeToString(document))
        return framing.reframed(event, JsonObject(mapOf(field to text)).toString().encodeToByteArray())
    }

    /** [document], good or not, in the framing of an event with text. */
    internal fun event(document: String): ByteArray = reframed(textEvent(), document.encodeToByteArray())

    override fun toString(): String = name

    private fun value(path: Array<out String>): JsonPrimitive {
        val holder = path.dropLast(1).fold(about) { at, name -> at.getValue(name).jsonObject }
        return holder.getValue(path.last()) as JsonPrimitive
    }

    private fun text(vararg path: String): String = value(path).content

    private fun int(vararg path: String): Int = value(path).int

    public companion object {
        private val ALL: List<Recording> by lazy { RecordingFiles.folders().map { Recording(it, RecordingFiles(it)) } }

        /** The recording of every protocol, by name. */
        @JvmStatic
        public fun all(): List<Recording> = ALL

        /**
         * The recording of the protocol [name], e.g. `openai`.
         *
         * @throws IllegalArgumentException when there is none
         */
        @JvmStatic
        public fun named(name: String): Recording = requireNotNull(ALL.firstOrNull { it.name == name }) {
            "No recording \"$name\"; there are ${ALL.joinToString { it.name }}"
        }
    }
}
