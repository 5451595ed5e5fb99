package io.kompletion.checks.leak

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldBeEmpty
import io.kotest.matchers.string.shouldContain
import org.junit.platform.engine.TestExecutionResult
import org.junit.platform.engine.discovery.DiscoverySelectors.selectClass
import org.junit.platform.testkit.engine.EngineTestKit
import org.junit.platform.testkit.engine.Events
import kotlin.reflect.KClass

/** The checks as the engines really run them, found on the class path like in every module. */
class LeakCheckTest : FunSpec({
    beforeTest { System.setProperty(LeakWatch.GRACE_PROPERTY, "50") }
    afterTest {
        System.clearProperty(LeakWatch.GRACE_PROPERTY)
        LeakFixtures.releaseThreads()
    }

    test("a JUnit class that leaves a thread fails, named with its stack") {
        val failure = run("junit-jupiter", ThreadLeakingJupiterFixture::class).failures()
        failure shouldContain "thread kompletion-leaky still runs"
        failure shouldContain "CountDownLatch.await"
    }

    test("a JUnit class that leaves an uncaught exception fails") {
        run("junit-jupiter", ExceptionLeakingJupiterFixture::class).failures() shouldContain
            "uncaught on dying: java.lang.IllegalStateException: nobody catches this"
    }

    test("a JUnit class that leaves nothing of ours passes, nested classes with it") {
        val events = run("junit-jupiter", TidyJupiterFixture::class)
        events.failures().shouldBeEmpty()
        events.succeeded().filter { it.testDescriptor.isTest }.count() shouldBe 2
    }

    test("a Kotest spec that leaves a thread fails") {
        run("kotest", ThreadLeakingSpecFixture::class).failures() shouldContain
            "thread kompletion-leaky still runs"
    }

    test("a Kotest spec that leaves an uncaught exception fails") {
        run("kotest", ExceptionLeakingSpecFixture::class).failures() shouldContain "nobody catches this"
    }

    test("a Kotest spec without a test fails") {
        run("kotest", EmptySpecFixture::class).failures() shouldContain "EmptySpecFixture holds no test"
    }

    test("a Kotest spec that closes everything in afterSpec passes") {
        val events = run("kotest", TidySpecFixture::class)
        events.failures().shouldBeEmpty()
        events.succeeded().filter { it.testDescriptor.isTest }.count() shouldBe 1
    }

    test("threads that were there before are not blamed on a later class") {
        LeakFixtures.leakThread("kompletion-older")
        LeakWatch().verify()
    }

    test("a thread that ends within the grace period is waited for") {
        val watch = LeakWatch()
        LeakFixtures.leakThread("kompletion-late")
        shouldThrow<AssertionError> { watch.verify() }
        LeakFixtures.releaseThreads()
        watch.verify()
    }
})

private fun run(engine: String, type: KClass<*>): Events = EngineTestKit.engine(engine)
    .enableImplicitConfigurationParameters(true)
    .selectors(selectClass(type.java))
    .execute()
    .allEvents()

/** All of them as text: Kotest reports what a spec throws for the spec and for a test that stands for it. */
private fun Events.failures(): String = finished().list()
    .mapNotNull { it.getRequiredPayload(TestExecutionResult::class.java).throwable.orElse(null) }
    .joinToString("\n") { it.stackTraceToString() }
