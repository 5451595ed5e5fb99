package io.kompletion.providers.azure

import io.kompletion.error.ConfigurationException
import io.kompletion.error.KompletionException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.JsonPrimitive

private const val HOST = "https://res.openai.azure.com"

/** Where a call to `azure/my-chat` goes. */
private suspend fun url(
    env: Map<String, String> = emptyMap(),
    options: Map<String, String> = emptyMap(),
    baseUrl: String? = null,
    model: String = "my-chat",
): String {
    val cloud = AzureCloud()
    cloud.client(env).chat("azure/$model") {
        user("Hi")
        apiKey("k")
        if (baseUrl != null) baseUrl(baseUrl)
        if (options.isNotEmpty()) providerOptions("azure", options.mapValues { JsonPrimitive(it.value) })
    }
    return cloud.calls.single().url
}

class AzurePlaceTest : FunSpec({
    test("a resource is its host, and the interface the one without versions") {
        url(options = mapOf("resource" to "res")) shouldBe "$HOST/openai/v1/chat/completions"
    }

    context("versions") {
        for ((version, path) in listOf(
            "2024-10-21" to "/openai/deployments/my-chat/chat/completions?api-version=2024-10-21",
            "2025-04-01-preview" to "/openai/deployments/my-chat/chat/completions?api-version=2025-04-01-preview",
            "preview" to "/openai/v1/chat/completions?api-version=preview",
            "latest" to "/openai/v1/chat/completions",
            "v1" to "/openai/v1/chat/completions",
        )) {
            test("$version calls $path, wherever it was said") {
                url(options = mapOf("resource" to "res", "api_version" to version)) shouldBe HOST + path
                for (name in listOf("AZURE_OPENAI_API_VERSION", "OPENAI_API_VERSION", "AZURE_API_VERSION")) {
                    url(mapOf(name to version), mapOf("resource" to "res")) shouldBe HOST + path
                }
            }
        }

        test("what was said outranks the environment") {
            val env = mapOf("OPENAI_API_VERSION" to "2023-05-15")
            url(env, mapOf("resource" to "res", "api_version" to "v1")) shouldBe "$HOST/openai/v1/chat/completions"
        }

        test("anything else is refused") {
            for (version in listOf("2024", "2024-10-21&x=1", "../..", "2024-10-21-beta", "gpt-4o")) {
                val failure = shouldThrow<ConfigurationException> {
                    url(options = mapOf("resource" to "res", "api_version" to version))
                }
                failure.details.param shouldBe "api_version"
            }
        }

        test("a base URL without versions does not go with a dated one, and outranks that of the environment") {
            val base = "$HOST/openai/v1"
            shouldThrow<ConfigurationException> { url(options = mapOf("api_version" to "2024-10-21"), baseUrl = base) }
                .message.orEmpty() shouldContain "ends in /v1"
            url(mapOf("OPENAI_API_VERSION" to "2024-10-21"), baseUrl = base) shouldBe "$base/chat/completions"
        }
    }

    context("base URLs") {
        val dated = mapOf("api_version" to "2024-06-01")
        for ((base, path) in listOf(
            HOST to "$HOST/openai/v1/chat/completions",
            "$HOST/" to "$HOST/openai/v1/chat/completions",
            "$HOST/openai" to "$HOST/openai/v1/chat/completions",
            "$HOST/openai/v1/" to "$HOST/openai/v1/chat/completions",
            "$HOST/openai/v1/chat/completions" to "$HOST/openai/v1/chat/completions",
            "$HOST/openai/deployments/d" to "$HOST/openai/deployments/d/chat/completions?api-version=2024-10-21",
            "$HOST/openai/deployments/d/chat/completions?api-version=2024-02-01" to
                "$HOST/openai/deployments/d/chat/completions?api-version=2024-02-01",
            "$HOST?api-version=2024-02-01" to
                "$HOST/openai/deployments/my-chat/chat/completions?api-version=2024-02-01",
            "https://res.services.ai.azure.com/models" to
                "https://res.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview",
            "https://gate.azure-api.net/team" to "https://gate.azure-api.net/team/openai/v1/chat/completions",
        )) {
            test("$base is $path") { url(baseUrl = base) shouldBe path }
        }

        test("a version that was said outranks that of the URL") {
            url(options = dated, baseUrl = "$HOST/openai/deployments/d?api-version=2024-02-01") shouldBe
                "$HOST/openai/deployments/d/chat/completions?api-version=2024-06-01"
        }

        test("what else stands in a query is refused, as everywhere") {
            for (base in listOf("$HOST?api-version=2024-02-01&key=x", "$HOST?x=1", "$HOST#x", "https://u:p@h.example")) {
                withClue(base) { shouldThrow<ConfigurationException> { url(baseUrl = base) } }
            }
        }

        test("each variable has its say, and the first wins") {
            val names = listOf("AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_BASE_URL", "AZURE_API_BASE", "AZURE_ENDPOINT")
            for (name in names) url(mapOf(name to "$HOST/")) shouldBe "$HOST/openai/v1/chat/completions"
            val all = names.withIndex().associate { (i, name) -> name to "https://r$i.openai.azure.com" }
            url(all) shouldBe "https://r0.openai.azure.com/openai/v1/chat/completions"
        }
    }

    context("resources") {
        test("come from the environment, below an endpoint there, and what was said outranks both") {
            for (name in listOf("AZURE_RESOURCE_NAME", "AZURE_OPENAI_RESOURCE")) {
                url(mapOf(name to "res")) shouldBe "$HOST/openai/v1/chat/completions"
            }
            val env = mapOf("AZURE_RESOURCE_NAME" to "other", "AZURE_OPENAI_ENDPOINT" to "https://env.openai.azure.com")
            url(env) shouldBe "https://env.openai.azure.com/openai/v1/chat/completions"
            url(env, mapOf("resource" to "res")) shouldBe "$HOST/openai/v1/chat/completions"
        }

        test("move the host nowhere else") {
            for (name in listOf("evil.com/", "a/b", "a.b", "a@b", "-a", "a-", "a b", "é", "a#", "a?", "x".repeat(64))) {
                withClue(name) {
                    shouldThrow<ConfigurationException> { url(options = mapOf("resource" to name)) }.details.param shouldBe "resource"
                    shouldThrow<ConfigurationException> { url(mapOf("AZURE_RESOURCE_NAME" to name)) }
                }
            }
        }

        test("and a base URL are two ways") {
            shouldThrow<ConfigurationException> { url(options = mapOf("resource" to "res"), baseUrl = HOST) }
        }

        test("are missed by name") {
            shouldThrow<ConfigurationException> { url() }.message.orEmpty() shouldContain "AZURE_OPENAI_ENDPOINT"
        }
    }

    test("a deployment is one segment of the path, whatever it is called") {
        val options = mapOf("resource" to "res", "api_version" to "2024-10-21")
        url(options = options, model = "eu/gpt-4o+x") shouldBe
            "$HOST/openai/deployments/eu%2Fgpt-4o%2Bx/chat/completions?api-version=2024-10-21"
        for (model in listOf("a/../b", "..", "a?b", "a#b")) {
            withClue(model) { shouldThrow<KompletionException> { url(options = options, model = model) } }
        }
    }

    test("every name of the provider means it") {
        for (name in listOf("azure", "azure_openai", "azure-openai")) {
            val cloud = AzureCloud()
            cloud.client(mapOf("AZURE_OPENAI_ENDPOINT" to HOST, "AZURE_OPENAI_API_KEY" to "k")).chat("$name/my-chat") { user("Hi") }
            cloud.calls.single().url shouldBe "$HOST/openai/v1/chat/completions"
        }
    }
})
