package io.kompletion.opentelemetry.internal

import io.kompletion.listen.UsageRecord
import io.opentelemetry.api.common.Attributes
import io.opentelemetry.api.common.AttributesBuilder
import io.opentelemetry.api.metrics.LongCounter
import io.opentelemetry.api.metrics.Meter
import io.opentelemetry.context.Context
import java.time.Duration
import java.util.Locale

/** The metrics, those of the conventions and those of our own. */
internal class Instruments(private val meter: Meter) {
    private val duration = seconds(GenAi.OPERATION_DURATION, "GenAI operation duration.")
    private val firstChunk = seconds(GenAi.TIME_TO_FIRST_CHUNK, "Time to the first chunk of a stream.")
    private val perChunk = seconds(GenAi.TIME_PER_OUTPUT_CHUNK, "Time between two chunks of a stream.")
    private val waits = seconds(Own.WAIT_METRIC, "Time that limits of the client made tries wait.")
    private val tokens = meter.histogramBuilder(GenAi.TOKEN_USAGE).ofLongs().setUnit("{token}")
        .setDescription("Number of input and output tokens used.")
        .setExplicitBucketBoundariesAdvice(GenAi.TOKENS).build()
    private val cost = meter.counterBuilder(Own.COST_METRIC).ofDoubles().setUnit("{USD}")
        .setDescription("What answers cost, where it is known.").build()
    private val buckets = counter(Own.TOKENS_METRIC, "{token}", "Tokens in buckets that do not overlap.")
    private val attempts = counter(Own.ATTEMPTS_METRIC, "{attempt}", "Tries of calls.")
    private val errors = counter(Own.ERRORS_METRIC, "{call}", "Calls that ended with an exception.")
    private val cache = counter(Own.CACHE_METRIC, "{call}", "Calls that asked the response cache.")
    private val rests = counter(Own.RESTS_METRIC, "{rest}", "Targets that failed too often and rest.")
    private val budgets = counter(Own.BUDGET_METRIC, "{call}", "Calls that reached the limit of a budget.")
    private val states = counter(Own.STATE_METRIC, "{call}", "Calls for which shared state did not answer.")

    fun finished(record: UsageRecord, asked: Asked, responseModel: String?, context: Context) {
        val target = asked.copy(provider = record.provider)
        fun attributes(more: AttributesBuilder.() -> Unit = {}) = of(target) {
            put(GenAi.OPERATION_NAME, GenAi.CHAT)
            responseModel?.let { put(GenAi.RESPONSE_MODEL, it) }
            more()
        }
        val ended = attributes {
            put(Own.OUTCOME, record.outcome.name.lowercase(Locale.ROOT))
            record.error?.let { put(GenAi.ERROR_TYPE, it) }
        }
        duration.record(record.latency.inSeconds(), ended, context)
        record.timeToFirstChunk?.let { firstChunk.record(it.inSeconds(), attributes(), context) }
        record.error?.let { errors.add(1, of(target) { put(GenAi.ERROR_TYPE, it) }, context) }
        // What an answer from the cache had used was counted with the call that made it.
        if (record.isCached) return
        record.cost?.let { cost.add(it.total.toDouble(), of(target), context) }
        record.usage?.let { usage ->
            tokens.record(usage.promptTokens, attributes { put(GenAi.TOKEN_TYPE, GenAi.INPUT) }, context)
            tokens.record(usage.completionTokens, attributes { put(GenAi.TOKEN_TYPE, GenAi.OUTPUT) }, context)
            for ((bucket, amount) in usage.buckets) {
                buckets.add(amount, of(target) { put(Own.TOKEN_BUCKET, bucket) }, context)
            }
        }
    }

    fun chunk(nanos: Long, asked: Asked, context: Context) {
        perChunk.record(nanos.nanosToSeconds(), of(asked) { put(GenAi.OPERATION_NAME, GenAi.CHAT) }, context)
    }

    fun attempt(asked: Asked, error: String?, context: Context) {
        attempts.add(1, of(asked) { error?.let { put(GenAi.ERROR_TYPE, it) } }, context)
    }

    fun cache(result: String, asked: Asked, context: Context) {
        cache.add(1, of(asked) { put(Own.CACHE_RESULT, result) }, context)
    }

    fun waited(duration: Duration, asked: Asked, context: Context): Unit =
        waits.record(duration.inSeconds(), of(asked), context)

    fun rests(asked: Asked, context: Context): Unit = rests.add(1, of(asked), context)

    fun budget(isRefused: Boolean, asked: Asked, context: Context) {
        budgets.add(1, of(asked) { put(Own.BUDGET_REFUSED, isRefused) }, context)
    }

    fun stateUnavailable(policy: String, isLetThrough: Boolean, context: Context) {
        states.add(1, Attributes.of(Own.POLICY, policy, Own.LET_THROUGH, isLetThrough), context)
    }

    private fun of(asked: Asked, more: AttributesBuilder.() -> Unit = {}): Attributes = Attributes.builder()
        .put(GenAi.PROVIDER_NAME, ProviderNames.of(asked.provider))
        .put(GenAi.REQUEST_MODEL, asked.model)
        .apply(more)
        .build()

    private fun seconds(name: String, description: String) = meter.histogramBuilder(name).setUnit("s")
        .setDescription(description).setExplicitBucketBoundariesAdvice(GenAi.SECONDS).build()

    private fun counter(name: String, unit: String, description: String): LongCounter =
        meter.counterBuilder(name).setUnit(unit).setDescription(description).build()
}
