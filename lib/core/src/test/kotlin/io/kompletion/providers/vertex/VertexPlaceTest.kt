package io.kompletion.providers.vertex

import io.kompletion.Secret
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.error.ConfigurationException
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.KompletionException
import io.kompletion.internal.route.ProviderSettings
import io.kompletion.internal.route.planned
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.JsonPrimitive
import java.net.URI
import kotlin.random.Random

private fun url(region: String, project: String, model: String): String {
    val provider = AnthropicVertexProvider.create(GoogleTokens())
    val options = mapOf("region" to JsonPrimitive(region), "project_id" to JsonPrimitive(project))
    val target = planned(
        provider,
        ChatCompletionRequest(model) {
            user("Hello")
            providerOptions("anthropic_vertex", options)
        },
        ProviderSettings("anthropic_vertex", apiKey = Secret("ya29.token")),
    )
    return target.baseUrl + provider.chat.encode(target, streaming = false).path
}

class VertexPlaceTest : FunSpec({
    context("hosts") {
        for ((region, host) in listOf(
            "global" to "aiplatform.googleapis.com",
            "us" to "aiplatform.us.rep.googleapis.com",
            "eu" to "aiplatform.eu.rep.googleapis.com",
            "us-east5" to "us-east5-aiplatform.googleapis.com",
            "europe-west1" to "europe-west1-aiplatform.googleapis.com",
        )) {
            test(region) {
                url(region, "my-project", "claude-sonnet-4-5@20250929") shouldBe "https://$host/v1/projects/my-project/" +
                    "locations/$region/publishers/anthropic/models/claude-sonnet-4-5@20250929:rawPredict"
            }
        }
    }

    context("places that are none") {
        for (region in listOf("us-central1.evil.com/", "us east", "US-EAST5", "-x", "x-", "a/b", "a.b", "ü", "a".repeat(41))) {
            test("region \"$region\"") {
                val failure = shouldThrow<ConfigurationException> { url(region, "p", "claude") }
                failure.message.orEmpty() shouldContain "region"
                failure.details.param shouldBe "region"
            }
        }
        for (project in listOf("a/b", "../x", "A", "a b", "a?b", "a:b:c", ":b", "a:", "..:x", "a%2Fb", "a".repeat(64))) {
            test("project \"$project\"") {
                shouldThrow<ConfigurationException> { url("global", project, "claude") }.details.param shouldBe "project_id"
            }
        }
        test("projects of an organization and numbers") {
            url("global", "example.com:my-project", "claude") shouldContain "/projects/example.com%3Amy-project/locations"
            url("global", "123456789012", "claude") shouldContain "/projects/123456789012/"
        }
        for (model in listOf("a/b", "..", ".")) {
            test("model \"$model\"") {
                shouldThrow<InvalidRequestException> { url("global", "p", model) }.details.param shouldBe "model"
            }
        }
        test("three dots are a name like any other") { url("global", "p", "...") shouldContain "/models/...:rawPredict" }
    }

    test("whatever is in the names, host and path stay what they are") {
        val random = Random(7)
        val pieces = "/ \\ . .. % %2F %2e %00 ? # @ : ; & = + , ~ - _ a Z 9 é 中 \uD83D\uDE00 \n \r \t".split(' ') +
            listOf(" ", "evil.com", "googleapis.com", "us-east5", "//", "http://", "global", "claude-3")
        fun word() = (0..random.nextInt(6)).joinToString("") { pieces[random.nextInt(pieces.size)] }
        var sent = 0
        repeat(10_000) { round ->
            val (region, project, model) = listOf("us-east5", "my-project", "claude-3").mapIndexed { index, good ->
                if (round % 7 == index || random.nextInt(3) == 0) word() else good
            }
            val url = try {
                url(region, project, model)
            } catch (_: KompletionException) {
                return@repeat
            }
            sent++
            withClue("$region | $project | $model -> $url") {
                val parsed = URI(url)
                (parsed.host == "${region.trim()}-aiplatform.googleapis.com" || parsed.host in SHORT) shouldBe true
                parsed.rawQuery shouldBe null
                parsed.rawFragment shouldBe null
                val path = parsed.rawPath.split('/')
                path.size shouldBe 10
                path.drop(1).none { it == "." || it == ".." || it.isEmpty() } shouldBe true
                path[3] shouldBe project.trim().replace(":", "%3A")
                path[9].substringAfterLast(':') shouldBe "rawPredict"
                URI("http://x/" + path[9].substringBeforeLast(':')).path shouldBe "/${model.trim()}"
            }
        }
        println("vertex places: $sent of 10000 names were fit to be sent")
        (sent > 1_000) shouldBe true
    }
})

private val SHORT =
    setOf("aiplatform.googleapis.com", "aiplatform.us.rep.googleapis.com", "aiplatform.eu.rep.googleapis.com")
