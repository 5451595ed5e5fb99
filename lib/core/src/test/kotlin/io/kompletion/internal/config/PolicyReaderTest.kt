package io.kompletion.internal.config

import io.kompletion.ClientSettings
import io.kompletion.Kompletion
import io.kompletion.error.ConfigurationException
import io.kompletion.policy.Budget
import io.kompletion.policy.Cache
import io.kompletion.policy.CacheBackend
import io.kompletion.policy.ConcurrencyLimit
import io.kompletion.policy.Cooldown
import io.kompletion.policy.Hedge
import io.kompletion.policy.LimitScope
import io.kompletion.policy.MediaFetcher
import io.kompletion.policy.RateLimit
import io.kompletion.policy.Router
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject
import java.math.BigDecimal
import java.time.Duration

private fun read(json: String): ClientSettings = Kompletion.builder().environment(mapOf("MOST" to "12.5")).configuration(json).settings()

/**
 * One policy in its file form, with a value for each field that is not its default.
 *
 * @param builder whose setters are the fields
 * @param exceptions fields that only code can set, and why
 */
private class Form(
    val place: String,
    val json: String,
    val builder: Class<*>,
    val default: Any,
    val exceptions: Map<String, String> = emptyMap(),
    val value: (ClientSettings) -> Any?,
) {
    override fun toString(): String = place
}

private val FORMS = listOf(
    Form(
        "rate_limits",
        """{"requests": 5, "tokens": 700, "window": 30, "per": "tenant", "only": "acme", "when_exceeded": "fail",
            "max_wait": 2.5, "assumed_output_tokens": 64, "when_unavailable": "refuse"}""",
        RateLimit.Builder::class.java,
        RateLimit.builder().requests(1).build(),
    ) { it.policies.rateLimits.single() },
    Form(
        "concurrency_limits",
        """{"max_concurrent": 3, "per": "model", "only": "openai/gpt-5", "when_exceeded": "FAIL", "max_waiting": 9, "max_wait": 4}""",
        ConcurrencyLimit.Builder::class.java,
        ConcurrencyLimit.builder().build(),
    ) { it.policies.concurrencyLimits.single() },
    Form(
        "cooldown",
        """{"failures": 2, "failure_rate": 0.5, "minimum_calls": 4, "window": 20, "rest": 7, "max_rest": 70, "probes": 2,
            "rest_on_rate_limit": false}""",
        Cooldown.Builder::class.java,
        Cooldown.builder().build(),
    ) { it.policies.cooldown },
    Form(
        "budgets",
        """{"name": "day", "global": 100, "per_model": "0.1", "per_provider": 20, "per_key": 30.25, "per_user": 0.000000001, "per_tenant": 2,
            "models": {"openai/gpt-5": 1}, "users": {"ann": 2}, "tenants": {"acme": 3.5}, "window": 86400, "enforcement": "soft",
            "unknown_price": "allow", "when_broken": "reserved", "when_unavailable": "refuse"}""",
        Budget.Builder::class.java,
        Budget.builder().global(BigDecimal.ONE).build(),
    ) { it.policies.budgets.single() },
    Form(
        "cache",
        """{"max_entries": 10, "ttl": 60, "max_entry_bytes": 4096, "backend": "shared", "single_flight": false, "tool_calls": true,
            "namespace": "team"}""",
        Cache.Builder::class.java,
        Cache.builder().build(),
        mapOf("semantic" to "needs a TextEmbedder, which is code; the file form says so"),
    ) { it.policies.cache },
    Form("hedge", """{"delay": 0.25, "same_target": false}""", Hedge.Builder::class.java, Hedge.builder().build()) { it.policies.hedge },
    Form(
        "routers",
        """{"strategy": "least_cost", "sticky": true, "sticky_for": 60, "sticky_entries": 7,
            "deployments": ["openai/gpt-5", {"model": "openai/gpt-5-mini", "temperature": 0.5, "weight": 3}]}""",
        Router.Builder::class.java,
        Router.builder("fast").deployment("openai/o3").build(),
    ) { it.policies.routers.values.single() },
    Form(
        "media_fetcher",
        """{"mode": "always", "allow_http": true, "allowed_hosts": ["a.example"], "denied_hosts": ["b.example"], "ports": [8443],
            "max_bytes": 1000, "max_call_bytes": 2000, "timeout": 5, "max_redirects": 2, "max_concurrent": 3, "allow_private_addresses": true}""",
        MediaFetcher.Builder::class.java,
        MediaFetcher.DEFAULT,
    ) { it.mediaFetcher },
)

/** The fields that are set with lists of their own, beside the setters. */
private val ADDED = mapOf(Router.Builder::class.java to setOf("deployments"))

private fun fields(form: Form): Set<String> = form.builder.methods.filter { it.name.startsWith("set") && it.parameterCount == 1 }
    .map { it.name.drop(3).replaceFirstChar(Char::lowercase) }.toSet() + ADDED[form.builder].orEmpty()

private fun snake(name: String) = name.replace(Regex("[A-Z]")) { "_" + it.value.lowercase() }

private fun at(form: Form, json: String = form.json) = if (form.place == "routers") """{"routers": {"fast": $json}}""" else """{"${form.place}": $json}"""

private fun refused(json: String): String = shouldThrow<ConfigurationException> { read(json) }.message.orEmpty()

class PolicyReaderTest : FunSpec({
    context("every field of a policy stands in the file form and takes effect") {
        for (form in FORMS) {
            test("$form") {
                val fields = fields(form) - form.exceptions.keys
                Json.parseToJsonElement(form.json).jsonObject.keys shouldContainExactlyInAnyOrder fields.map(::snake)
                val value = checkNotNull(form.value(read(at(form))))
                for (name in fields) {
                    val get = value.javaClass.getMethod("get" + name.replaceFirstChar(Char::uppercase))
                    withClue(name) { get.invoke(value) shouldNotBe get.invoke(form.default) }
                }
                for (name in form.exceptions.keys) withClue(name) { fields(form).contains(name) shouldBe true }
            }

            test("$form: an unknown name is an error that says what was meant") {
                val name = snake(fields(form).first { it.length > 4 })
                refused(at(form, form.json.replaceFirst("{", """{"${name}x": 1, """))) shouldContain "${name}x is not known; did you mean"
            }
        }
    }

    test("values are what they say") {
        read(at(FORMS[0])).policies.rateLimits.single().toString() shouldBe
            "RateLimit(requests=5, tokens=700, window=PT30S, per=TENANT, only=acme, whenExceeded=FAIL, maxWait=PT2.5S, " +
            "assumedOutputTokens=64, whenUnavailable=REFUSE)"
        val budget = read(at(FORMS[3])).policies.budgets.single()
        budget.perUser shouldBe BigDecimal("0.000000001")
        budget.perModel shouldBe BigDecimal("0.1")
        budget.tenants shouldBe mapOf("acme" to BigDecimal("3.5"))
        budget.window shouldBe Duration.ofDays(1)
        val deployments = read(at(FORMS[6])).policies.routers.getValue("fast").deployments
        deployments.map { it.target.model } shouldBe listOf("openai/gpt-5", "openai/gpt-5-mini")
        deployments.map { it.weight } shouldBe listOf(1.0, 3.0)
    }

    test("limits and budgets come one by one or in a list, and add up") {
        val many = read(
            """{"rate_limits": [{"requests": 5}, {"tokens": 100, "per": "global"}],
                "concurrency_limits": [{"max_concurrent": 1}, {"max_concurrent": 9, "per": "global"}],
                "budgets": [{"name": "day", "global": "${'$'}{MOST}", "window": 86400}, {"name": "all", "global": 100}]}""",
        ).policies
        many.rateLimits.map { it.per } shouldBe listOf(LimitScope.MODEL, LimitScope.GLOBAL)
        many.concurrencyLimits.map { it.maxConcurrent } shouldBe listOf(1, 9)
        many.budgets.map { it.global } shouldBe listOf(BigDecimal("12.5"), BigDecimal(100))
    }

    test("true takes the defaults, and false switches off what was there") {
        val on = read("""{"hedge": true, "cooldown": true, "cache": true, "media_fetcher": true}""")
        on.policies.hedge.toString() shouldBe Hedge.builder().build().toString()
        on.policies.cooldown.toString() shouldBe Cooldown.builder().build().toString()
        on.policies.cache.toString() shouldBe Cache.builder().build().toString()
        on.mediaFetcher.toString() shouldBe MediaFetcher.DEFAULT.toString()
        val off = Kompletion.builder().hedge {}.cooldown {}.cache {}.mediaFetcher {}
            .configuration("""{"hedge": false, "cooldown": false, "cache": false, "media_fetcher": false}""").settings()
        listOf(off.policies.hedge, off.policies.cooldown, off.policies.cache, off.mediaFetcher) shouldBe List(4) { null }
    }

    test("caches may be kept in a service") {
        fun backend(json: String) = read("""{"cache": $json}""").policies.cache?.backend
        val files = CacheBackend.OpenDal("fs", mapOf("root" to "12.5"))
        backend("""{"backend": {"scheme": "fs", "config": {"root": "${'$'}{MOST}"}}}""") shouldBe files
        backend("""{"backend": "fs", "backend_config": {"root": "12.5"}}""") shouldBe files
        backend("""{"backend": {"scheme": "memory"}}""") shouldBe CacheBackend.OpenDal("memory", emptyMap())
        backend("""{"backend": "Memory"}""") shouldBe CacheBackend.Memory
    }

    test("shared state is an address, perhaps with a prefix, and is made when it is used") {
        for (json in listOf(""""nowhere://host"""", """{"uri": "nowhere://host", "prefix": "a"}""")) {
            val policies = read("""{"shared_state": $json}""").policies
            policies.ownsState shouldBe true
            shouldThrow<ConfigurationException> { policies.state?.invoke() }.message.orEmpty() shouldContain "nowhere://"
        }
        read("{}").policies.state.shouldBeNull()
    }

    test("other spellings mean the same") {
        val policies = read(
            """{"rate_limit": {"rpm": 5, "tpm": 700, "window_seconds": 30}, "in_flight_limit": {"max_in_flight": 3},
                "budget": {"global_limit": 1.5, "model_limits": {"openai/gpt-5": 1}, "enforcement": "hard"},
                "cache": {"ttl_seconds": 9}}""",
        ).policies
        policies.rateLimits.single().toString() shouldBe RateLimit.builder().requests(5).tokens(700).window(Duration.ofSeconds(30)).build().toString()
        policies.concurrencyLimits.single().maxConcurrent shouldBe 3
        policies.budgets.single().toString() shouldBe
            Budget.builder().global(BigDecimal("1.5")).model("openai/gpt-5", BigDecimal.ONE).build().toString()
        policies.cache?.ttl shouldBe Duration.ofSeconds(9)
    }

    test("without any of them nothing is limited") {
        val policies = read("{}").policies
        policies.rateLimits.shouldBeEmpty()
        policies.budgets.shouldBeEmpty()
        policies.routers.keys shouldHaveSize 0
        policies.cache.shouldBeNull()
    }

    context("what is wrong is said with its place") {
        for ((json, message) in listOf(
            """{"rate_limits": [{"requests": 5}, {}]}""" to "configuration: rate_limits[1] a rate limit needs requests or tokens",
            """{"rate_limits": [7]}""" to "configuration: rate_limits[0] must be an object",
            """{"rate_limits": {"requests": 5, "rpm": 5}}""" to "configuration: rate_limits.rpm is requests in another spelling",
            """{"rate_limits": {"requests": 5}, "rate_limit": {}}""" to "configuration: rate_limit is rate_limits in another spelling",
            """{"rate_limits": {"requests": 5, "per": "tenent"}}""" to "rate_limits.per must be one of global, provider, model, key, user, tenant; did you mean \"tenant\"?",
            """{"rate_limits": {"requests": 5, "window": 0}}""" to "configuration: rate_limits window must be positive",
            """{"rate_limits": {"tokens": 0.5}}""" to "configuration: rate_limits.tokens must be a whole number",
            """{"budgets": {"global": "ten"}}""" to "configuration: budgets.global must be an amount",
            """{"budgets": {"global": true}}""" to "configuration: budgets.global must be an amount",
            """{"budgets": {"global": 1e999999999}}""" to "configuration: budgets the limit of global must be in",
            """{"budgets": {"global": -1}}""" to "configuration: budgets the limit of global must be in",
            """{"budgets": {"models": {"gpt-5": 1}}}""" to "configuration: budgets models must be named \"provider/model\"",
            """{"budgets": {"models": {"openai/gpt-5": null}}}""" to "configuration: budgets budget \"default\" has no limit",
            """{"budgets": [{"global": 1}, {"global": 2}]}""" to "two budgets are called \"default\"",
            """{"cache": {"semantic": {"threshold": 0.9}}}""" to "configuration: cache.semantic needs a TextEmbedder, which only code can give",
            """{"cache": {"backend": "sharde"}}""" to "configuration: cache.backend must be \"memory\", \"shared\" or",
            """{"cache": {"backend": {"config": {}}}}""" to "configuration: cache.backend.scheme is missing",
            """{"cache": {"backend_config": {}}}""" to "configuration: cache.backend_config needs a backend",
            """{"hedge": 3}""" to "configuration: hedge must be an object, true or false",
            """{"hedge": {"delay": 0}}""" to "configuration: hedge delay must be positive",
            """{"routers": {"fast": {}}}""" to "configuration: routers.fast.deployments must be a list of targets",
            """{"routers": {"fast": {"deployments": []}}}""" to "configuration: routers.fast router \"fast\" has no deployment",
            """{"routers": {"fast": {"deployments": [7]}}}""" to "configuration: routers.fast.deployments[0] is no target",
            """{"routers": {"fast": {"deployments": [{"model": "openai/o3", "weight": "much"}]}}}""" to "configuration: routers.fast.deployments[0].weight must be a number",
            """{"routers": {"fast": {"deployments": [{"model": "openai/o3", "weight": 0}]}}}""" to "configuration: routers.fast.deployments[0] cannot work: the weight",
            """{"routers": {"fast": {"deployments": [{"temperature": 1}]}}}""" to "configuration: routers.fast.deployments[0] cannot work: a deployment needs a model",
            """{"shared_state": {"prefix": "a"}}""" to "configuration: shared_state.uri is missing",
            """{"media_fetcher": {"ports": ["443"]}}""" to "configuration: media_fetcher.ports must be a whole number, or a list of them",
            """{"cooldowns": {}}""" to "configuration: cooldowns is not known; did you mean \"cooldown\"?",
        )) {
            test("$json: $message") { refused(json) shouldContain message }
        }
    }
})
