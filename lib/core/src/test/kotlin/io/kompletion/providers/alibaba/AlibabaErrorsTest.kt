package io.kompletion.providers.alibaba

import io.kompletion.error.AuthenticationException
import io.kompletion.error.ContentFilteredException
import io.kompletion.error.ContextTooLongException
import io.kompletion.error.InsufficientFundsException
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.NotFoundException
import io.kompletion.error.OverloadedException
import io.kompletion.error.PermissionDeniedException
import io.kompletion.error.RateLimitedException
import io.kompletion.error.ServerErrorException
import io.kompletion.error.TimeoutException
import io.kompletion.transport.WireHeaders
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class AlibabaErrorsTest : FunSpec({
    val codec = AlibabaProvider.create().chat

    for ((status, code, kind) in listOf(
        Triple(400, "InvalidParameter", InvalidRequestException::class),
        Triple(400, "invalid_parameter_error", InvalidRequestException::class),
        Triple(400, "DataInspectionFailed", ContentFilteredException::class),
        Triple(400, "data_inspection_failed", ContentFilteredException::class),
        Triple(400, "Arrearage", InsufficientFundsException::class),
        Triple(401, "InvalidApiKey", AuthenticationException::class),
        Triple(401, "invalid_api_key", AuthenticationException::class),
        Triple(403, "AccessDenied", PermissionDeniedException::class),
        Triple(403, "AccessDenied.Unpurchased", PermissionDeniedException::class),
        Triple(403, "Model.AccessDenied", PermissionDeniedException::class),
        Triple(403, "AllocationQuota.FreeTierOnly", InsufficientFundsException::class),
        Triple(404, "ModelNotFound", NotFoundException::class),
        Triple(408, "RequestTimeOut", TimeoutException::class),
        Triple(429, "Throttling", RateLimitedException::class),
        Triple(429, "Throttling.RateQuota", RateLimitedException::class),
        Triple(429, "Throttling.AllocationQuota", RateLimitedException::class),
        Triple(429, "limit_requests", RateLimitedException::class),
        Triple(500, "InternalError.Algo", ServerErrorException::class),
        Triple(503, "ModelServingError", OverloadedException::class),
        Triple(503, "ServiceUnavailable", OverloadedException::class),
    )) {
        test("$status $code is a ${kind.simpleName}, in both forms, answered and in a stream") {
            val forms = listOf(
                """{"error":{"code":"$code","param":null,"message":"no","type":"$code"},"request_id":"r-1"}""",
                """{"code":"$code","message":"no","request_id":"r-1"}""",
            )
            for (body in forms) {
                val error = codec.error(status, WireHeaders.EMPTY, body)
                error::class shouldBe kind
                error.status shouldBe status
                error.code shouldBe code
                error.requestId shouldBe "r-1"
                error.message.orEmpty() shouldContain "no"
                val inside = codec.errorIn(parse(body)).shouldNotBeNull()
                inside::class shouldBe kind
                inside.requestId shouldBe "r-1"
            }
        }
    }

    test("a code decides where the status does not") {
        codec.error(400, WireHeaders.EMPTY, """{"code":"Throttling.BurstRate","message":"no"}""")::class shouldBe
            RateLimitedException::class
        codec.error(400, WireHeaders.EMPTY, """{"code":"ModelNotFound","message":"no"}""")::class shouldBe
            NotFoundException::class
    }

    test("a prompt that is too long") {
        val body = """{"error":{"code":"invalid_parameter_error","param":null,"message":"Range of input length should be [1, 129024]",""" +
            """"type":"invalid_request_error"}}"""
        codec.error(400, WireHeaders.EMPTY, body)::class shouldBe ContextTooLongException::class
    }

    test("the header names the call before the body does") {
        val headers = WireHeaders.builder().set("x-request-id", "r-head").build()
        codec.error(400, headers, """{"code":"InvalidParameter","message":"no","request_id":"r-body"}""").requestId shouldBe "r-head"
    }
})
