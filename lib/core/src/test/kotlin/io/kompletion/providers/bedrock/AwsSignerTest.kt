package io.kompletion.providers.bedrock

import io.kompletion.Secret
import io.kompletion.transport.WireHeaders
import io.kompletion.transport.WireRequest
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import java.time.Instant

private const val SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

private fun signer(region: String, service: String, time: String, token: String? = null) = AwsSigner(
    AwsKeys(Secret("AKIDEXAMPLE"), Secret(SECRET), token?.let(::Secret)),
    region,
    service,
) { Instant.parse(time) }

private fun post(url: String, body: String) = WireRequest(
    "POST",
    url,
    WireHeaders.builder().set("content-type", "application/json").set("user-agent", "kompletion").build(),
    body.encodeToByteArray(),
)

/** The first vector is published with openai-java; the others were computed by another program. */
class AwsSignerTest : FunSpec({
    test("signs as the published vector says") {
        val signed = signer("us-east-1", "bedrock-mantle", "2025-01-02T03:04:05Z", "fixture-session-token").sign(
            post("https://bedrock-mantle.us-east-1.api.aws/openai/v1/responses", """{"model":"gpt-4o","input":"hello"}"""),
        )
        signed.headers["x-amz-date"] shouldBe "20250102T030405Z"
        signed.headers["x-amz-content-sha256"] shouldBe "50329e51ad520f21b77bad0b01999930ff556cd1bf18434701251ba6c9f877bc"
        signed.headers["x-amz-security-token"] shouldBe "fixture-session-token"
        signed.headers["authorization"] shouldBe "AWS4-HMAC-SHA256 " +
            "Credential=AKIDEXAMPLE/20250102/us-east-1/bedrock-mantle/aws4_request, " +
            "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, " +
            "Signature=dc20c8fbe516daf0ccae7e5b7a78fc2936870413a9f1af6e1b2d44b970ce411f"
    }

    test("escapes the path once more for the signature, and leaves it alone on the wire") {
        val url = "https://bedrock-runtime.us-west-2.amazonaws.com/model/us.anthropic.claude-haiku-4-5-20251001-v1%3A0/converse"
        val body = """{"messages":[{"role":"user","content":[{"text":"Grüße"}]}]}"""
        val signed = signer("us-west-2", "bedrock", "2026-01-02T03:04:05Z").sign(post(url, body))
        signed.url shouldBe url
        signed.headers["authorization"] shouldBe "AWS4-HMAC-SHA256 " +
            "Credential=AKIDEXAMPLE/20260102/us-west-2/bedrock/aws4_request, " +
            "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, " +
            "Signature=4931ae76c50831620c348839919e393f1090e9cf37b2ab1607b675085e3f41e8"
    }

    test("signs the port where it stands in the host, and an ARN in the path") {
        val model = "arn%3Aaws%3Abedrock%3Aeu-west-1%3A123456789012%3Ainference-profile%2Feu.amazon.nova-lite-v1%3A0"
        val request = post("http://127.0.0.1:8080/model/$model/converse-stream", "{}")
        val signed = signer("eu-west-1", "bedrock", "2026-01-02T03:04:05Z", "tok+en/=").sign(request)
        signed.headers["authorization"]?.substringAfter("Signature=") shouldBe
            "eb61c13ae4acab02a0cdabb44a142a4193c248f1fd59593b315d771642a38f2d"
    }

    test("sorts the query, and signs every header of Amazon's") {
        val headers = WireHeaders.builder().set("X-Amz-Extra", "a   b").build()
        val request = WireRequest("GET", "https://example.amazonaws.com/?b=2&a=1&c", headers)
        val signed = signer("us-east-1", "service", "2015-08-30T12:36:00Z").sign(request)
        signed.headers["authorization"]?.substringAfter("Signature=") shouldBe
            "044eefb3f6f069433ef9c78bd55ecefb955d311e633ca28fc651d60a9829589d"
    }

    test("another body, path or time is another signature") {
        fun signature(url: String, body: String, time: String = "2026-01-02T03:04:05Z") =
            signer("us-east-1", "bedrock", time).sign(post(url, body)).headers["authorization"]?.substringAfter("Signature=")
        val first = signature("https://a.amazonaws.com/model/x/converse", "{}")
        signature("https://a.amazonaws.com/model/x/converse", "{}") shouldBe first
        signature("https://a.amazonaws.com/model/x/converse", "[]") shouldNotBe first
        signature("https://a.amazonaws.com/model/y/converse", "{}") shouldNotBe first
        signature("https://b.amazonaws.com/model/x/converse", "{}") shouldNotBe first
        signature("https://a.amazonaws.com/model/x/converse", "{}", "2026-01-02T03:04:06Z") shouldNotBe first
    }

    test("replaces what an earlier try signed") {
        val signer = signer("us-east-1", "bedrock", "2026-01-02T03:04:05Z")
        val once = signer.sign(post("https://a.amazonaws.com/model/x/converse", "{}"))
        val twice = signer.sign(once)
        twice.headers.all("authorization") shouldBe once.headers.all("authorization")
        twice.headers.size shouldBe once.headers.size
    }

    test("shows no secret") {
        AwsKeys(Secret("AKIDEXAMPLE"), Secret(SECRET), Secret("a-token")).toString() shouldBe "AwsKeys(redacted)"
    }
})
