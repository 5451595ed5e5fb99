package io.kompletion.micrometer.internal

import io.kompletion.chat.Usage
import io.kompletion.listen.CallEvent
import io.kompletion.listen.UsageRecord
import io.micrometer.core.instrument.Counter
import io.micrometer.core.instrument.DistributionSummary
import io.micrometer.core.instrument.Gauge
import io.micrometer.core.instrument.MeterRegistry
import io.micrometer.core.instrument.Tag
import io.micrometer.core.instrument.Timer
import java.util.Locale

/** The meters. All of one name have the same tag keys, as Prometheus wants it; what is not known is `none`. */
internal class Meters(private val registry: MeterRegistry, maxModels: Int, calls: Map<*, *>) {
    private val models = ModelNames(maxModels)

    init {
        Gauge.builder("kompletion.calls.running", calls) { it.size.toDouble() }
            .description("Calls that run now")
            .register(registry)
    }

    fun finished(record: UsageRecord, asked: Asked, more: List<Tag>) {
        val target = tags(asked.copy(provider = record.provider)) + more
        val streaming = Tag.of("streaming", record.isStreaming.toString())
        val outcome = Tag.of("outcome", record.outcome.name.lowercase(Locale.ROOT))
        val error = Tag.of("error", record.error ?: NONE)
        timer("kompletion.call", "Calls from beginning to end", target + streaming + outcome + error)
            .record(record.latency)
        record.timeToFirstChunk?.let {
            timer("kompletion.call.first.chunk", "Time to the first chunk of a stream", target).record(it)
        }
        summary("kompletion.call.attempts", "tries", "Tries of a call", target + outcome)
            .record(record.attempts.toDouble())
        // What an answer from the cache had used was counted with the call that made it.
        if (record.isCached) return
        record.cost?.let {
            counter("kompletion.cost", "usd", "What answers cost, where it is known", target)
                .increment(it.total.toDouble())
        }
        record.usage?.let { tokens(it, target) }
    }

    fun attempt(target: Asked, error: String?) {
        val outcome = if (error == null) "success" else "error"
        counter(
            "kompletion.attempts",
            null,
            "Tries",
            tags(target) + Tag.of("outcome", outcome) + Tag.of("error", error ?: NONE),
        ).increment()
    }

    /** What policies do with a call whose target is [asked] by now. */
    fun policy(event: CallEvent, asked: Asked) {
        when (event) {
            is CallEvent.CacheHit -> cache(asked, result(event))

            is CallEvent.CacheMiss -> cache(asked, "miss")

            is CallEvent.Waited -> timer("kompletion.limit.wait", "Time that limits made tries wait", tags(asked))
                .record(event.duration)

            is CallEvent.TargetRests -> count(
                "kompletion.target.rests",
                "Targets that failed too often and rest",
                tags(Asked(event.provider, event.model)),
            )

            is CallEvent.TargetRecovered -> count(
                "kompletion.target.recoveries",
                "Targets that rested and answer again",
                tags(Asked(event.provider, event.model)),
            )

            is CallEvent.BudgetExceeded -> count(
                "kompletion.budget.exceeded",
                "Calls that reached the limit of a budget",
                tags(asked) + Tag.of("refused", event.isRefused.toString()),
            )

            is CallEvent.StateUnavailable -> count(
                "kompletion.state.unavailable",
                "Calls for which shared state did not answer",
                listOf(Tag.of("policy", event.policy), Tag.of("let.through", event.isLetThrough.toString())),
            )

            is CallEvent.Hedged -> count(
                "kompletion.hedges",
                "Calls that asked a second target because the first one was slow",
                tags(Asked(event.provider, event.model)),
            )

            is CallEvent.Interrupted -> count(
                "kompletion.interruptions",
                "Streams that broke off and went on",
                tags(Asked(event.provider, event.model)) + Tag.of("restart", event.isRestart.toString()),
            )

            else -> Unit
        }
    }

    private fun result(hit: CallEvent.CacheHit) = when {
        hit.isShared -> "shared"
        hit.isSemantic -> "semantic"
        else -> "hit"
    }

    private fun cache(asked: Asked, result: String) =
        count("kompletion.cache", "Calls that asked the response cache", tags(asked) + Tag.of("result", result))

    private fun tokens(usage: Usage, target: List<Tag>) {
        val input = summary("kompletion.tokens.input", "tokens", "Tokens that a call read", target)
        val output = summary("kompletion.tokens.output", "tokens", "Tokens that a call wrote", target)
        input.record(usage.promptTokens.toDouble())
        output.record(usage.completionTokens.toDouble())
        for ((bucket, amount) in usage.buckets) {
            val tags = target + Tag.of("bucket", bucket)
            counter("kompletion.tokens", "tokens", "Tokens in buckets that do not overlap", tags)
                .increment(amount.toDouble())
        }
    }

    private fun tags(target: Asked) =
        listOf(Tag.of("provider", target.provider.ifEmpty { NONE }), Tag.of("model", models.of(target)))

    private fun timer(name: String, description: String, tags: List<Tag>): Timer =
        Timer.builder(name).description(description).tags(tags).register(registry)

    private fun summary(name: String, unit: String, description: String, tags: List<Tag>): DistributionSummary =
        DistributionSummary.builder(name).baseUnit(unit).description(description).tags(tags).register(registry)

    private fun counter(name: String, unit: String?, description: String, tags: List<Tag>): Counter =
        Counter.builder(name).baseUnit(unit).description(description).tags(tags).register(registry)

    private fun count(name: String, description: String, tags: List<Tag>) =
        counter(name, null, description, tags).increment()

    private companion object {
        const val NONE = "none"
    }
}
