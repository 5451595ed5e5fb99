package io.kompletion.opentelemetry

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.testkit.FakeProviders
import io.opentelemetry.api.common.AttributeKey
import io.opentelemetry.api.common.Attributes
import io.opentelemetry.sdk.OpenTelemetrySdk
import io.opentelemetry.sdk.metrics.SdkMeterProvider
import io.opentelemetry.sdk.metrics.data.HistogramPointData
import io.opentelemetry.sdk.metrics.data.MetricData
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter
import io.opentelemetry.sdk.trace.SdkTracerProvider
import io.opentelemetry.sdk.trace.data.SpanData
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor
import java.time.Duration

/** An SDK that keeps everything in memory. */
class Telemetry : AutoCloseable {
    private val exporter = InMemorySpanExporter.create()
    private val reader = InMemoryMetricReader.create()
    val sdk: OpenTelemetrySdk = OpenTelemetrySdk.builder()
        .setTracerProvider(SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter)).build())
        .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(reader).build())
        .build()

    /** All spans that have ended, in the order of their ends. */
    val spans: List<SpanData> get() = exporter.finishedSpanItems

    /** The span of the only call. */
    val call: SpanData get() = spans.single { it.name.startsWith("chat ") }
    val attempts: List<SpanData> get() = spans.filter { it.name == "attempt" }

    val metrics: Map<String, MetricData> get() = reader.collectAllMetrics().associateBy { it.name }

    fun histogram(name: String): Collection<HistogramPointData> = metrics[name]?.histogramData?.points.orEmpty()

    /** Sums of a counter by their attributes. */
    fun counts(name: String): Map<Attributes, Long> =
        metrics[name]?.longSumData?.points.orEmpty().associate { it.attributes to it.value }

    override fun close(): Unit = sdk.close()
}

operator fun <T : Any> SpanData.get(key: AttributeKey<T>): T? = attributes.get(key)

/** A client of the fakes with [listener], and with the provider `gpu-1`, whose prices nobody knows. */
fun client(fakes: FakeProviders, listener: OpenTelemetryListener, more: KompletionBuilder.() -> Unit = {}): Kompletion =
    Kompletion {
        environment(emptyMap())
        retry { retryDelay = Duration.ofMillis(1) }
        provider("openai") { apiKey("sk-canary-key").baseUrl(fakes.openAi().baseUrl) }
        provider("anthropic") { apiKey("sk-ant-canary-key").baseUrl(fakes.anthropic().baseUrl) }
        provider("gpu-1") { apiKey("canary-key").baseUrl(fakes.openAi().baseUrl) }
        listener(listener)
        more()
    }
