package io.kompletion.chat

import io.kompletion.error.InvalidRequestException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import java.time.Duration

private fun read(control: String): ResponseCacheControl? =
    ChatCompletionRequest.fromJson("""{"model":"m","messages":[],"response_cache":$control}""").responseCache

class CallFieldsTest : FunSpec({
    test("names of tenants and conversations have 1 to 256 characters of any script") {
        for (name in listOf("a", "x".repeat(256), "Łódź 7", "客户", "\uD83D\uDE80")) {
            val request = ChatCompletionRequest("m") {
                tenant = name
                conversationId = name
            }
            request.tenant shouldBe name
            ChatCompletionRequest.fromJson(request.toJson()).conversationId shouldBe name
        }
        for (name in listOf("", "x".repeat(257), "a\u0000", "a\u007F", "\u0085", "\uDE80")) {
            for (set in listOf<ChatCompletionRequestBuilder.() -> Unit>({ tenant = name }, { conversationId = name })) {
                withClue(name) { shouldThrow<InvalidRequestException> { ChatCompletionRequest("m", set) } }
            }
        }
    }

    val ofTheCall = mapOf<String, ChatCompletionRequestBuilder.() -> Unit>(
        "n" to { n = 2 },
        "fallbacks" to { fallback("m2") },
        "stream_options" to { streamOptions = StreamOptions.SENTENCES },
        "stream" to { stream = false },
        "tenant" to { tenant = "acme" },
        "conversation_id" to { conversationId = "c" },
        "response_cache" to { responseCache = ResponseCacheControl.OFF },
    )

    test("every field of a request is one that a fallback takes over or refuses") {
        fun names(descriptor: kotlinx.serialization.descriptors.SerialDescriptor) =
            (0 until descriptor.elementsCount).map(descriptor::getElementName).toSet()
        names(ChatCompletionRequest.generatedSerializer().descriptor) -
            names(FallbackRequest.generatedSerializer().descriptor) shouldBe ofTheCall.keys
    }

    for ((name, set) in ofTheCall) {
        test("a fallback does not take $name and then do nothing with it") {
            for (make in listOf({ FallbackRequest("m2", set) }, { FallbackRequest.builder().override(set).build() })) {
                val refused = shouldThrow<InvalidRequestException> { make() }
                refused.message shouldContain "a fallback has no $name of its own"
                refused.details.param shouldBe "fallbacks.$name"
            }
        }
    }

    test("the JSON of a fallback holds no field of the call that would go out in its body") {
        for (field in listOf("\"tenant\":\"a\"", "\"conversation_id\":\"a\"", "\"response_cache\":false")) {
            shouldThrow<InvalidRequestException> {
                ChatCompletionRequest.fromJson("""{"model":"m","messages":[],"fallbacks":[{"model":"m2",$field}]}""")
            }.message shouldContain "a fallback has no ${field.substringBefore(':').trim('"')} of its own"
        }
        val request = ChatCompletionRequest.fromJson(
            """{"model":"m","messages":[],"fallbacks":[{"model":"m2","tenant":null},{"model":"m3","extra_body":{"tenant":"theirs"}}]}""",
        )
        val (first, second) = request.fallbacks.orEmpty()
        first.extraBody.orEmpty() shouldBe emptyMap()
        second.extraBody shouldBe mapOf("tenant" to JsonPrimitive("theirs"))
    }

    test("a fallback is asked for the same tenant, conversation and cache") {
        val base = ChatCompletionRequest("m") {
            tenant = "acme"
            conversationId = "c"
            responseCache = ResponseCacheControl.OFF
        }
        val merged = FallbackRequest.of("m2").over(base)
        merged.tenant shouldBe "acme"
        merged.conversationId shouldBe "c"
        merged.responseCache shouldBe ResponseCacheControl.OFF
    }

    test("cache control is read from an object, true or false") {
        read("true") shouldBe ResponseCacheControl.DEFAULT
        read("{}") shouldBe ResponseCacheControl.DEFAULT
        read("""{"read":null,"ttl":null}""") shouldBe ResponseCacheControl.DEFAULT
        read("false") shouldBe ResponseCacheControl.OFF
        read("""{"read":false}""") shouldBe ResponseCacheControl.REFRESH
        read("""{"write":false}""") shouldBe ResponseCacheControl.READ_ONLY
        read("""{"ttl":0.25}""") shouldBe ResponseCacheControl.ttl(Duration.ofMillis(250))
        read("null").shouldBeNull()
        for (wrong in listOf("\"false\"", "1", "[]", "{\"reed\":false}", "{\"read\":1}", "{\"ttl\":-1}", "{\"ttl\":1e400}")) {
            withClue(wrong) { shouldThrow<InvalidRequestException> { read(wrong) } }
        }
    }

    test("cache control is written as it is read") {
        for (control in listOf(
            ResponseCacheControl.DEFAULT,
            ResponseCacheControl.OFF,
            ResponseCacheControl.REFRESH,
            ResponseCacheControl.READ_ONLY,
            ResponseCacheControl.ttl(Duration.ofMillis(1500)).toBuilder().write(false).build(),
        )) {
            val json = ChatCompletionRequest("m") { responseCache = control }.toJson()
            ChatCompletionRequest.fromJson(json).responseCache shouldBe control
        }
        val json = ChatCompletionRequest("m") { responseCache = ResponseCacheControl.ttl(Duration.ofSeconds(90)) }.toJson()
        Json.parseToJsonElement(json).jsonObject["response_cache"] shouldBe Json.parseToJsonElement("""{"ttl":90}""")
    }

    test("an answer says whether it came from the cache") {
        val plain = ChatCompletionResponse("r", "openai", "m", emptyList())
        plain.cached shouldBe false
        Json.parseToJsonElement(plain.toJson()).jsonObject["cached"].shouldBeNull()
        val kept = ChatCompletionResponse.fromJson(plain.copy(cached = true).toJson())
        kept.cached shouldBe true
        kept.extra shouldBe emptyMap()
    }
})
