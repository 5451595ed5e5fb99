package io.kompletion.opentelemetry

import io.kompletion.listen.CallEvent
import io.kompletion.listen.CallListener
import io.kompletion.opentelemetry.internal.CallSpan
import io.kompletion.opentelemetry.internal.Instruments
import io.kompletion.opentelemetry.internal.RunningCall
import io.opentelemetry.api.OpenTelemetry
import io.opentelemetry.context.Context
import java.util.concurrent.ConcurrentHashMap

/**
 * Makes spans and metrics of calls, as OpenTelemetry's
 * [conventions for generative AI](https://opentelemetry.io/docs/specs/semconv/gen-ai/) name them: a span `chat {model}`
 * for each call with one for each try beneath it, and histograms of durations, tokens and chunks. What the conventions
 * have no name for begins with `kompletion.`: costs, tries, errors, the cache, targets that rest, budgets.
 *
 * The parent of a span is the context that is current where the call is made, or where the stream is collected. In
 * coroutines it is current when `opentelemetry-extension-kotlin` carries it along.
 *
 * What was said and answered is in no span and no metric unless [Builder.captureContent] asks for it, and neither are
 * messages of exceptions, which may repeat it. Tenants, users and keys are in none at all. An unknown cost is absent.
 *
 * Safe for any thread; the same listener may serve several clients.
 */
public class OpenTelemetryListener private constructor(
    private val openTelemetry: OpenTelemetry,
    private val settings: Settings,
    private val nanos: () -> Long,
) : CallListener {
    private val tracer = openTelemetry.getTracer(SCOPE)
    private val instruments = Instruments(openTelemetry.getMeter(SCOPE))
    private val calls = ConcurrentHashMap<Long, RunningCall>()

    /** True unless [Builder.recordChunkTimes] was switched off. */
    override val wantsChunks: Boolean get() = settings.chunkTimes

    override fun onEvent(event: CallEvent) {
        if (event is CallEvent.Started) {
            val span = CallSpan.start(tracer, event, Context.current(), settings.content, settings.attempts)
            calls[event.callId] = RunningCall(span, instruments, event, nanos)
            return
        }
        val call = calls[event.callId] ?: return
        call.onEvent(event)
        if (event is CallEvent.Finished) calls.remove(event.callId)
    }

    /** How many calls run that this listener knows of. */
    internal val running: Int get() = calls.size

    /** A builder that starts with these settings. */
    public fun toBuilder(): Builder = Builder(openTelemetry, settings)

    internal data class Settings(
        val content: Boolean = false,
        val attempts: Boolean = true,
        val chunkTimes: Boolean = true,
    )

    /** Collects the settings of a listener; all have defaults. */
    public class Builder internal constructor(
        private val openTelemetry: OpenTelemetry,
        private var settings: Settings,
    ) {
        private var nanos: () -> Long = System::nanoTime

        /**
         * Whether spans hold what was said and answered: `gen_ai.system_instructions`, `gen_ai.input.messages` and
         * `gen_ai.output.messages` as JSON without the bytes of media, and the messages of exceptions. False unless
         * set: it may be personal, and it is large.
         */
        public fun captureContent(value: Boolean): Builder = apply { settings = settings.copy(content = value) }

        /** Whether each try is a span beneath that of its call; true unless set. */
        public fun perAttemptSpans(value: Boolean): Builder = apply { settings = settings.copy(attempts = value) }

        /**
         * Whether the time between two chunks is measured, as `gen_ai.client.operation.time_per_output_chunk`; true
         * unless set. It costs one record for every chunk.
         */
        public fun recordChunkTimes(value: Boolean): Builder = apply { settings = settings.copy(chunkTimes = value) }

        internal fun nanos(value: () -> Long): Builder = apply { nanos = value }

        public fun build(): OpenTelemetryListener = OpenTelemetryListener(openTelemetry, settings, nanos)
    }

    public companion object {
        private const val SCOPE = "io.kompletion"

        /** A listener with the defaults. */
        @JvmStatic
        public fun create(openTelemetry: OpenTelemetry): OpenTelemetryListener = builder(openTelemetry).build()

        @JvmStatic
        public fun builder(openTelemetry: OpenTelemetry): Builder = Builder(openTelemetry, Settings())
    }
}
