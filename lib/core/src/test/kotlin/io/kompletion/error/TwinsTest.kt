package io.kompletion.error

import io.kompletion.chat.Attempt
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldNotBeSameInstanceAs

private val DETAILS = ErrorDetails.builder().provider("p").status(418).code("c").attempts(listOf(Attempt("p", "m"))).build()
private val CAUSE = IllegalStateException("why")

private val ALL: List<KompletionException> = listOf(
    InvalidRequestException("t", DETAILS, CAUSE),
    UnsupportedParameterException("t", DETAILS, CAUSE),
    ConfigurationException("t", DETAILS, CAUSE),
    ContextTooLongException("t", DETAILS, CAUSE),
    ContentFilteredException("t", DETAILS, CAUSE),
    AuthenticationException("t", DETAILS, CAUSE),
    PermissionDeniedException("t", DETAILS, CAUSE),
    NotFoundException("t", DETAILS, CAUSE),
    RateLimitedException("t", DETAILS, CAUSE),
    InsufficientFundsException("t", DETAILS, CAUSE),
    OverloadedException("t", DETAILS, CAUSE),
    ServerErrorException("t", DETAILS, CAUSE),
    TimeoutException("t", TimeoutException.Kind.IDLE, DETAILS, CAUSE),
    ConnectionException("t", ConnectionException.Kind.TLS, DETAILS, CAUSE),
    StreamInterruptedException("t", DETAILS, CAUSE),
    UnexpectedResponseException("t", DETAILS, CAUSE),
    MediaFetchException("t", MediaFetchException.Kind.TIMEOUT, DETAILS, CAUSE),
    BudgetExceededException("t", DETAILS, CAUSE),
    AllAttemptsFailedException("t", listOf(ServerErrorException("u")), DETAILS),
    StateUnavailableException("t", DETAILS, CAUSE),
    GuardrailException("t", GuardrailException.Stage.INPUT, "g", DETAILS, CAUSE),
)

class TwinsTest : FunSpec({
    test("every kind of failure is here") {
        ALL.map { it.javaClass } shouldContainExactlyInAnyOrder
            KompletionException::class.sealedSubclasses.map { it.java }
    }

    for (failure in ALL) {
        test("the twin of a ${failure.javaClass.simpleName} says the same and goes its own way") {
            failure.addSuppressed(IllegalArgumentException())
            val twin = failure.twin()
            twin shouldNotBeSameInstanceAs failure
            twin.javaClass shouldBe failure.javaClass
            twin.message shouldBe failure.message
            twin.details shouldBe failure.details
            twin.cause shouldBe failure.cause
            twin.isRetryable shouldBe failure.isRetryable
            twin.stackTrace shouldBe failure.stackTrace
            twin.suppressed shouldBe failure.suppressed
            when (twin) {
                is TimeoutException -> twin.kind shouldBe (failure as TimeoutException).kind

                is ConnectionException -> twin.kind shouldBe (failure as ConnectionException).kind

                is MediaFetchException -> twin.kind shouldBe (failure as MediaFetchException).kind

                is AllAttemptsFailedException -> twin.failures shouldBe (failure as AllAttemptsFailedException).failures

                is GuardrailException -> listOf(twin.stage, twin.guardrail) shouldBe
                    (failure as GuardrailException).let { listOf(it.stage, it.guardrail) }

                else -> Unit
            }
            twin.enrich { attempts(emptyList()) }
            failure.attempts shouldBe DETAILS.attempts
        }
    }
})
