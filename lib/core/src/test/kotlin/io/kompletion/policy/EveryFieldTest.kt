package io.kompletion.policy

import io.kompletion.KompletionBuilder
import io.kompletion.chat.ResponseCacheControl
import io.kompletion.chat.RetryConfiguration
import io.kompletion.chat.StreamOptions
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.ints.shouldBeGreaterThan
import java.io.File
import java.lang.reflect.Modifier

/** Every field of a configuration has a test that is named after it: `Budget.perModel, Budget.models: what they do`. */
class EveryFieldTest : FunSpec({
    val tested = testNames().flatMap(::fieldsIn).toSet()

    test("every field has a test") {
        println("fields: ${FIELDS.size} of configuration, ${tested.count { it in FIELDS }} named by a test")
        FIELDS.size shouldBeGreaterThan 100
        (FIELDS - tested).shouldBeEmpty()
    }

    test("no test is named after a field that is none") {
        val types = FIELDS.map { it.substringBeforeLast('.') }.toSet()
        tested.filter { it.substringBeforeLast('.') in types && it !in FIELDS }.shouldBeEmpty()
    }

    test("a field without a test is found, and names are read as they are written") {
        fieldsOf(Own::class.java) shouldContainExactly listOf("Own.first", "Own.second")
        fieldsIn("Own.first, Own.second: do this, and that: well") shouldContainExactly listOf("Own.first", "Own.second")
        fieldsIn("nothing of the kind: Own.first") shouldContainExactly emptyList()
        FIELDS shouldContain "Router.Deployment.weight"
        FIELDS shouldContain "KompletionBuilder.rateLimit"
    }
})

private class Own {
    @Suppress("unused")
    val first = 1

    @Suppress("unused")
    val second = 2
}

private val TYPES = listOf(
    RateLimit::class.java,
    ConcurrencyLimit::class.java,
    Cooldown::class.java,
    Budget::class.java,
    Cache::class.java,
    SemanticCache::class.java,
    Hedge::class.java,
    Router::class.java,
    Router.Deployment::class.java,
    RetryConfiguration::class.java,
    Timeouts::class.java,
    MediaFetcher::class.java,
    StreamOptions::class.java,
    ResponseCacheControl::class.java,
)

private val FIELDS: Set<String> = (TYPES.flatMap(::fieldsOf) + settings()).toSet()

/** The public properties of [type]. */
private fun fieldsOf(type: Class<*>): List<String> {
    val name = type.name.substringAfterLast('.').replace('$', '.')
    return type.declaredMethods
        .filter { Modifier.isPublic(it.modifiers) && !Modifier.isStatic(it.modifiers) && it.parameterCount == 0 }
        .filter { it.name.startsWith("get") && '$' !in it.name }
        .map { "$name.${it.name.drop(3).replaceFirstChar(Char::lowercase)}" }
        .sorted()
}

/** What sets something of a client. */
private fun settings(): List<String> = KompletionBuilder::class.java.declaredMethods
    .filter { Modifier.isPublic(it.modifiers) && it.returnType == KompletionBuilder::class.java && '$' !in it.name }
    .map { "KompletionBuilder.${it.name}" }
    .distinct()

/** The fields that the name of a test begins with. */
private fun fieldsIn(testName: String): List<String> =
    testName.substringBefore(": ").split(", ").takeIf { names -> names.all(FIELD::matches) }.orEmpty()

/** The names of all tests of the library and of the modules beside it. */
private fun testNames(): List<String> = checkNotNull(File("..").listFiles()).map { File(it, "src/test") }
    .flatMap { it.walk() }
    .filter { it.extension == "kt" }
    .flatMap { file -> TEST.findAll(file.readText()).map { it.groupValues[1] } }

private val FIELD = Regex("""[A-Z]\w*(\.[A-Z]\w*)*\.[a-z]\w*""")
private val TEST = Regex("""\btest\("([^"]+)"""")
