package io.kompletion.providers.openai

import io.kompletion.error.ContentFilteredException
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.KompletionException
import io.kompletion.transport.WireHeaders
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.time.Instant

private const val SAID = "Your request was rejected as a result of our content_policy"

private fun error(fields: String, status: Int = 400): KompletionException = OpenAiErrors.of(
    status,
    WireHeaders.builder().build(),
    """{"error":{$fields,"type":"invalid_request_error"}}""",
    null,
    Instant.EPOCH,
)

class OpenAiErrorsTest : FunSpec({
    test("a filter is told by its code, and by its code in the text where there is no other") {
        error(""""message":"No.","code":"content_policy_violation"""")::class shouldBe ContentFilteredException::class
        error(""""message":"$SAID"""")::class shouldBe ContentFilteredException::class
    }

    test("a text outweighs no code, and prose is none") {
        error(""""message":"$SAID","code":"bad_parameter"""")::class shouldBe InvalidRequestException::class
        error(""""message":"content policy","param":"x"""")::class shouldBe InvalidRequestException::class
        (error(""""message":"$SAID"""", status = 500) is ContentFilteredException) shouldBe false
    }
})
