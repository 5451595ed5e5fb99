package io.kompletion.providers.azure

import io.kompletion.Secret
import io.kompletion.error.AuthenticationException
import io.kompletion.error.ConfigurationException
import io.kompletion.internal.call.error
import io.kompletion.internal.call.whole
import io.kompletion.provider.Auth
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

private val place = mapOf("AZURE_OPENAI_ENDPOINT" to "https://res.openai.azure.com")
private val application = place +
    mapOf("AZURE_TENANT_ID" to "tenant-1", "AZURE_CLIENT_ID" to "client-1", "AZURE_CLIENT_SECRET" to "secret-canary")

class AzureCredentialsTest : FunSpec({
    context("keys") {
        test("travel in api-key, from the request, the client and the environment") {
            for (name in listOf("AZURE_OPENAI_API_KEY", "AZURE_API_KEY")) {
                val cloud = AzureCloud()
                cloud.client(place + (name to "k-env")).chat("azure/d") { user("Hi") }
                cloud.calls.single().headers["api-key"] shouldBe "k-env"
                cloud.calls.single().headers["authorization"] shouldBe null
            }
            val cloud = AzureCloud()
            val llm = cloud.client(place + ("AZURE_OPENAI_API_KEY" to "k-env")) { provider("azure") { apiKey("k-client") } }
            llm.chat("azure/d") { user("Hi") }
            llm.chat("azure/d") {
                user("Hi")
                apiKey("k-request")
            }
            cloud.calls.map { it.headers["api-key"] } shouldBe listOf("k-client", "k-request")
        }

        test("are tokens when the client says so") {
            val cloud = AzureCloud()
            cloud.client(place) {
                provider("azure") {
                    apiKey("eyJ.token")
                    auth(Auth.BEARER)
                }
            }.chat("azure/d") { user("Hi") }
            cloud.calls.single().headers["authorization"] shouldBe "Bearer eyJ.token"
            cloud.calls.single().headers["api-key"] shouldBe null
        }

        test("are no matter behind a proxy that has them") {
            val cloud = AzureCloud()
            cloud.client(place) { provider("azure") { auth(Auth.NONE) } }.chat("azure/d") { user("Hi") }
            cloud.calls.single().headers["api-key"] shouldBe null
            cloud.calls.single().headers["authorization"] shouldBe null
        }

        test("are missed with every way to give them") {
            val failure = shouldThrow<ConfigurationException> { AzureCloud().client(place).chat("azure/d") { user("Hi") } }
            for (way in listOf("AZURE_OPENAI_API_KEY", "accessToken", "client_secret", "AZURE_OPENAI_AD_TOKEN", "AZURE_CLIENT_SECRET")) {
                failure.message.orEmpty() shouldContain way
            }
        }
    }

    context("tokens") {
        test("of a supplier and of the environment are bearers") {
            val cloud = AzureCloud()
            cloud.client(place) { provider("azure") { accessToken { Secret("t-supplied") } } }.chat("azure/d") { user("Hi") }
            for (name in listOf("AZURE_OPENAI_AD_TOKEN", "AZURE_AD_TOKEN")) {
                cloud.client(application + (name to "t-env")).chat("azure/d") { user("Hi") }
            }
            cloud.calls.map { it.headers["authorization"] } shouldBe listOf("Bearer t-supplied", "Bearer t-env", "Bearer t-env")
            cloud.calls.mapNotNull { it.headers["api-key"] }.shouldBeEmpty()
            cloud.logins.shouldBeEmpty()
        }

        test("that were found and are refused are not tried again") {
            val cloud = AzureCloud { error(401) }
            shouldThrow<AuthenticationException> {
                cloud.client(place + ("AZURE_AD_TOKEN" to "t-env")).chat("azure/d") { user("Hi") }
            }
            cloud.calls.size shouldBe 1
        }
    }

    context("applications") {
        test("of the environment sign in once for many calls") {
            val cloud = AzureCloud()
            val llm = cloud.client(application)
            repeat(3) { llm.chat("azure/d") { user("Hi") } }
            cloud.calls.map { it.headers["authorization"] } shouldBe List(3) { "Bearer token-1" }
            val login = cloud.logins.single()
            login.method shouldBe "POST"
            login.url shouldBe "https://login.microsoftonline.com/tenant-1/oauth2/v2.0/token"
            login.headers["api-key"] shouldBe null
            login.form shouldBe mapOf(
                "grant_type" to "client_credentials",
                "client_id" to "client-1",
                "client_secret" to "secret-canary",
                "scope" to "https://cognitiveservices.azure.com/.default",
            )
        }

        test("a key of the environment outranks them, and what the options say outranks that") {
            val cloud = AzureCloud()
            val env = application + ("AZURE_API_KEY" to "k-env")
            cloud.client(env).chat("azure/d") { user("Hi") }
            cloud.client(env) {
                provider("azure") { options(AzureOptions { clientCredentials("t-2", "c-2", Secret("s-2")) }) }
            }.chat("azure/d") { user("Hi") }
            cloud.calls.map { it.headers["api-key"] } shouldBe listOf("k-env", null)
            cloud.logins.single().url shouldContain "/t-2/"
            cloud.logins.single().form["client_secret"] shouldBe "s-2"
            cloud.calls.last().json.keys shouldBe setOf("model", "messages")
        }

        test("a token that is refused is fetched anew, once") {
            val cloud = AzureCloud { if (it == 1) error(401) else whole("ok") }
            cloud.client(application).chat("azure/d") { user("Hi") }.content shouldBe "ok"
            cloud.calls.map { it.headers["authorization"] } shouldBe listOf("Bearer token-1", "Bearer token-2")
        }

        test("a secret that is refused is told in Microsoft's words, and never shown") {
            val cloud = AzureCloud({
                AzureCloud.json(
                    401,
                    """{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret secret-canary provided."}""",
                )
            })
            val failure = shouldThrow<AuthenticationException> { cloud.client(application).chat("azure/d") { user("Hi") } }
            failure.message.orEmpty() shouldContain "Microsoft's token endpoint: HTTP 401 invalid_client: AADSTS7000215"
            failure.code shouldBe "invalid_client"
            "$failure ${failure.details} ${failure.details.body}" shouldNotContain "secret-canary"
            cloud.calls.shouldBeEmpty()
        }

        test("scope and host of the sign-in can be others, by option and by variable") {
            val options = AzureOptions {
                scope = "https://cognitiveservices.azure.us/.default"
                authorityHost = "login.microsoftonline.us"
            }
            val env = mapOf(
                "AZURE_SCOPE" to "https://ai.azure.com/.default",
                "AZURE_AUTHORITY_HOST" to "https://login.chinacloudapi.cn/",
            )
            val cloud = AzureCloud()
            cloud.client(application + env).chat("azure/d") { user("Hi") }
            cloud.client(application + env) { provider("azure") { options(options) } }.chat("azure/d") { user("Hi") }
            cloud.logins.map { it.url.substringBefore("/tenant") } shouldBe
                listOf("https://login.chinacloudapi.cn", "https://login.microsoftonline.us")
            cloud.logins.map { it.form["scope"] } shouldBe
                listOf("https://ai.azure.com/.default", "https://cognitiveservices.azure.us/.default")
        }

        test("a secret goes to no host but Microsoft's") {
            for (host in listOf(
                "https://evil.example", "http://login.microsoftonline.com", "https://login.microsoftonline.com.evil.example",
                "https://login.microsoftonline.com@evil.example", "https://login.microsoftonline.com:8443", "evil.example",
                "https://login.microsoftonline.com/evil", "https://login.microsoftonline.com?x=1", "http://127.0.0.1:9",
            )) {
                withClue(host) {
                    val cloud = AzureCloud()
                    shouldThrow<ConfigurationException> {
                        cloud.client(application + ("AZURE_AUTHORITY_HOST" to host)).chat("azure/d") { user("Hi") }
                    }.details.param shouldBe "authority_host"
                    cloud.transport.requests.shouldBeEmpty()
                }
            }
        }

        test("in tests it may be this machine, when the calls go there as well") {
            val cloud = AzureCloud()
            val env = application + mapOf("AZURE_AUTHORITY_HOST" to "http://127.0.0.1:9", "AZURE_OPENAI_ENDPOINT" to "http://127.0.0.1:8")
            cloud.client(env).chat("azure/d") { user("Hi") }
            cloud.logins.single().url shouldBe "http://127.0.0.1:9/tenant-1/oauth2/v2.0/token"
        }

        test("a tenant is one segment of the path, and a scope one word") {
            for (tenant in listOf("a/b", "..", "a..b", "a?b", "a b", "%2e%2e", "")) {
                withClue(tenant) {
                    shouldThrow<ConfigurationException> {
                        AzureCloud().client(place) {
                            provider("azure") { options(AzureOptions { clientCredentials(tenant, "c", Secret("s")) }) }
                        }.chat("azure/d") { user("Hi") }
                    }.details.param shouldBe "tenant_id"
                }
            }
            shouldThrow<ConfigurationException> {
                AzureCloud().client(application + ("AZURE_SCOPE" to "a b")).chat("azure/d") { user("Hi") }
            }.details.param shouldBe "scope"
        }

        test("what is missing is named, and half of one is filled from the environment") {
            val half = AzureOptions { with("client_secret", "s-1") }
            val cloud = AzureCloud()
            cloud.client(application) { provider("azure") { options(half) } }.chat("azure/d") { user("Hi") }
            cloud.logins.single().form["client_secret"] shouldBe "s-1"
            shouldThrow<ConfigurationException> {
                AzureCloud().client(place) { provider("azure") { options(half) } }.chat("azure/d") { user("Hi") }
            }.message.orEmpty() shouldContain "AZURE_TENANT_ID"
        }

        test("scope and host mean nothing beside a key, which is said") {
            shouldThrow<ConfigurationException> {
                AzureCloud().client(place + ("AZURE_API_KEY" to "k")) {
                    provider("azure") { options(AzureOptions { scope = "https://ai.azure.com/.default" }) }
                }.chat("azure/d") { user("Hi") }
            }.details.param shouldBe "scope"
        }
    }
})
