package io.kompletion.providers.bedrock

import io.kompletion.Secret
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.error.AuthenticationException
import io.kompletion.error.ConfigurationException
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.KompletionException
import io.kompletion.provider.Auth
import io.kompletion.transport.WireHeaders
import io.kompletion.transport.WireRequest
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.yield
import java.io.File
import java.time.Duration
import java.time.Instant

private const val KEY_ID = "AKIDEXAMPLECANARY"
private const val SECRET = "canary/secret+access/key0123456789"
private const val TOKEN = "canary-session-token-0123456789"
private const val HOST = "https://bedrock-runtime.us-east-1.amazonaws.com"
private val PLACE = mapOf("AWS_REGION" to "us-east-1")
private val KEYS = mapOf("AWS_ACCESS_KEY_ID" to KEY_ID, "AWS_SECRET_ACCESS_KEY" to SECRET)

private fun request(model: String = NOVA, more: ChatCompletionRequestBuilder.() -> Unit = {}) =
    ChatCompletionRequest("bedrock/$model") {
        user("Hello")
        more()
    }

private fun signedBy(call: WireRequest, keyId: String, region: String = "us-east-1") {
    call.headers["authorization"].orEmpty() shouldStartWith "AWS4-HMAC-SHA256 Credential=$keyId/"
    call.headers["authorization"].orEmpty() shouldContain "/$region/bedrock/aws4_request"
}

private fun keys(number: Int, expiration: String = "2099-01-01T00:00:00Z") =
    """{"Code":"Success","AccessKeyId":"ASIA$number","SecretAccessKey":"secret-access-key-$number","Token":"session-token-$number","Expiration":"$expiration"}"""

class AwsSetupTest : FunSpec({
    context("an API key") {
        test("travels as bearer, from the environment, the client or the request") {
            val amazon = AmazonCloud()
            amazon.client(PLACE + ("AWS_BEARER_TOKEN_BEDROCK" to "key-of-env")).chat(request()).content shouldBe "ok"
            amazon.client(PLACE) { apiKey("bedrock", "key-of-client") }.chat(request())
            amazon.client(PLACE).chat(request { apiKey("key-of-request") })
            amazon.calls.map { it.headers["authorization"] } shouldBe
                listOf("Bearer key-of-env", "Bearer key-of-client", "Bearer key-of-request")
            amazon.calls.map { it.headers["x-amz-date"] }.toSet() shouldBe setOf(null)
            amazon.calls[0].url shouldBe "$HOST/model/amazon.nova-lite-v1%3A0/converse"
        }

        test("outranks the keys of the environment, and a supplier gives one too") {
            val amazon = AmazonCloud()
            amazon.client(PLACE + KEYS + ("AWS_BEARER_TOKEN_BEDROCK" to "key-of-env")).chat(request())
            amazon.client(PLACE + KEYS) { provider("bedrock") { accessToken { Secret("supplied") } } }.chat(request())
            amazon.calls.map { it.headers["authorization"] } shouldBe listOf("Bearer key-of-env", "Bearer supplied")
        }

        test("goes to the region of the profile when nothing else names one") {
            val home = tempdir()
            home.resolve(".aws").mkdirs()
            home.resolve(".aws/config").writeText("[default]\nregion = eu-west-3\n")
            val amazon = AmazonCloud()
            amazon.client(mapOf("HOME" to home.path)) { apiKey("bedrock", "a-key-of-bedrock") }.chat(request())
            amazon.calls.single().url shouldStartWith "https://bedrock-runtime.eu-west-3.amazonaws.com/model/"
            amazon.calls.single().headers["authorization"] shouldBe "Bearer a-key-of-bedrock"
        }
    }

    context("keys") {
        test("sign, from the environment with their token") {
            val amazon = AmazonCloud()
            amazon.client(PLACE + KEYS + ("AWS_SESSION_TOKEN" to TOKEN)).chat(request())
            val call = amazon.calls.single()
            signedBy(call, KEY_ID)
            call.headers["x-amz-security-token"] shouldBe TOKEN
            amazon.asked.shouldBeEmpty()
        }

        test("of the options outrank those of the environment, and are in no body") {
            val amazon = AmazonCloud()
            val options = BedrockOptions { accessKey("AKIDOPTIONS", Secret("secret-of-the-options")).region("eu-west-1") }
            amazon.client(PLACE + KEYS).chat(request { options(options) })
            val call = amazon.calls.single()
            signedBy(call, "AKIDOPTIONS", "eu-west-1")
            call.headers["x-amz-security-token"] shouldBe null
            checkNotNull(call.body).decodeToString() shouldNotContain "secret-of-the-options"
            request { options(options) }.run {
                toString() shouldNotContain "secret-of-the-options"
                toJson() shouldNotContain "secret-of-the-options"
            }
        }

        test("come in pairs, and in one way") {
            suspend fun failure(vararg fields: Pair<String, String>) = shouldThrow<ConfigurationException> {
                AmazonCloud().client(PLACE).chat(
                    request { options(BedrockOptions { fields.forEach { (name, value) -> with(name, value) } }) },
                )
            }
            failure("aws_access_key_id" to KEY_ID).message shouldContain "aws_secret_access_key is missing"
            failure("aws_secret_access_key" to SECRET).message shouldContain "aws_access_key_id is missing"
            failure("aws_access_key_id" to KEY_ID, "aws_secret_access_key" to SECRET, "profile" to "p").message shouldContain "two ways"
            failure("aws_access_key_id" to KEY_ID, "aws_secret_access_key" to "a b").run {
                message shouldContain "U+0020"
                message shouldNotContain "a b"
            }
        }

        test("sign each try anew, and are fetched anew when they are refused") {
            var issued = 0
            val amazon = AmazonCloud(
                { call -> if (call == 1) AmazonCloud.refused(403, "ExpiredTokenException") else AmazonCloud.answered("ok") },
                { AmazonCloud.answer(200, keys(++issued)) },
            )
            val env = PLACE + ("AWS_CONTAINER_CREDENTIALS_FULL_URI" to "http://127.0.0.1/keys")
            amazon.client(env).chat(request()).content shouldBe "ok"
            amazon.calls.map { it.headers["authorization"].orEmpty().substringBefore('/') } shouldBe
                listOf("AWS4-HMAC-SHA256 Credential=ASIA1", "AWS4-HMAC-SHA256 Credential=ASIA2")
        }

        test("that were given are not tried twice when they are refused") {
            val amazon = AmazonCloud({ AmazonCloud.refused(403, "UnrecognizedClientException") })
            shouldThrow<AuthenticationException> { amazon.client(PLACE + KEYS).chat(request()) }.run {
                status shouldBe 403
                details.type shouldBe "UnrecognizedClientException"
            }
            amazon.calls shouldHaveSize 1
        }

        test("sign with the time of the try") {
            var time = Instant.parse("2026-11-21T10:00:00Z")
            val clock = AwsClock { time.also { time = it.plusSeconds(1) } }
            val source = GivenTokens(true, { "us-east-1" }) { place, url ->
                AwsKeys(Secret(KEY_ID), Secret(SECRET)).authorization(place, clock, url)
            }
            val call = WireRequest("POST", "$HOST/model/x/converse", WireHeaders.EMPTY, ByteArray(0))
            val dates = List(2) {
                val signer = source.token(AmazonCloud().transport, Duration.ofSeconds(1)).signer
                signer?.sign(call)?.headers?.get("x-amz-date")
            }
            dates shouldBe listOf("20261121T100000Z", "20261121T100001Z")
        }

        test("show in no failure, whatever the server writes") {
            val echo = "for $SECRET and $TOKEN and $KEY_ID"
            val amazon = AmazonCloud({ AmazonCloud.refused(403, "InvalidSignatureException", echo) })
            val failure = shouldThrow<KompletionException> {
                amazon.client(PLACE + KEYS + ("AWS_SESSION_TOKEN" to TOKEN)).chat(request())
            }
            for (secret in listOf(SECRET, TOKEN, KEY_ID)) {
                failure.stackTraceToString() shouldNotContain secret
                failure.details.body.orEmpty() shouldNotContain secret
            }
        }

        test("leave no header of the signature to the caller") {
            for (name in listOf("Authorization", "X-Amz-Date", "x-amz-security-token", "x-amz-content-sha256")) {
                withClue(name) {
                    shouldThrow<InvalidRequestException> {
                        AmazonCloud().client(PLACE + KEYS).chat(request { extraHeader(name, "x") })
                    }.details.param shouldBe "extra_headers.$name"
                }
            }
        }

        test("stay away when nobody shall authorize") {
            val amazon = AmazonCloud()
            amazon.client(PLACE + KEYS) { provider("bedrock") { auth = Auth.None } }.chat(request())
            amazon.calls.single().headers["authorization"] shouldBe null
        }
    }

    context("files") {
        fun home(credentials: String, config: String = ""): Map<String, String> {
            val folder = tempdir()
            File(folder, ".aws").mkdirs()
            File(folder, ".aws/credentials").writeText(credentials)
            File(folder, ".aws/config").writeText(config)
            return mapOf("HOME" to folder.path, "AWS_EC2_METADATA_DISABLED" to "true")
        }

        val work = "# mine\n[default]\naws_access_key_id = AKIDDEFAULT\naws_secret_access_key=secret-of-default\n\n" +
            "[work]\naws_access_key_id=AKIDWORK ; of work\naws_secret_access_key = secret-of-work\naws_session_token = t-work\n"
        val config = "[default]\nregion=us-east-2\ns3 =\n  region = us-west-1\n[profile work]\nregion = eu-central-1\n" +
            "[profile sso]\nsso_session = my-sso\n[profile role]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = work\n"

        suspend fun call(env: Map<String, String>, profile: String? = null): WireRequest {
            val amazon = AmazonCloud()
            amazon.client(env).chat(request { profile?.let { options(BedrockOptions { this.profile = it }) } })
            return amazon.calls.single()
        }

        test("give the keys and the region of the usual profile, of AWS_PROFILE, or of the one that is named") {
            val env = home(work, config)
            signedBy(call(env), "AKIDDEFAULT", "us-east-2")
            signedBy(call(env + ("AWS_PROFILE" to "work")), "AKIDWORK", "eu-central-1")
            call(env, "work").run {
                signedBy(this, "AKIDWORK", "eu-central-1")
                url shouldStartWith "https://bedrock-runtime.eu-central-1.amazonaws.com/"
                headers["x-amz-security-token"] shouldBe "t-work"
            }
            signedBy(call(env + PLACE, "work"), "AKIDWORK", "us-east-1")
        }

        test("a profile that is named outranks the environment") {
            signedBy(call(home(work, config) + KEYS + ("AWS_BEARER_TOKEN_BEDROCK" to "key"), "work"), "AKIDWORK", "eu-central-1")
            signedBy(call(home(work, config) + KEYS + ("AWS_PROFILE" to "work")), KEY_ID, "eu-central-1")
        }

        test("may lie elsewhere") {
            val folder = tempdir()
            File(folder, "keys").writeText("[x]\naws_access_key_id=AKIDX\naws_secret_access_key=secret-of-x\n")
            File(folder, "conf").writeText("[profile x]\nregion=ap-south-1\n")
            val env = mapOf("AWS_SHARED_CREDENTIALS_FILE" to "$folder/keys", "AWS_CONFIG_FILE" to "$folder/conf")
            signedBy(call(env, "x"), "AKIDX", "ap-south-1")
        }

        test("say what is missing in them") {
            suspend fun failure(profile: String, env: Map<String, String> = home(work, config)) =
                shouldThrow<ConfigurationException> { call(env + PLACE, profile) }
            failure("wrok").message shouldContain "AWS profile \"wrok\" is in neither"
            failure("sso").message shouldContain "gets its keys by sso_session"
            failure("role").message shouldContain "gets its keys by role_arn"
            failure("half", home("[half]\naws_access_key_id=AKIDHALF\n")).message shouldContain "needs both"
            failure("empty", home("[empty]\n")).message shouldContain "has no keys"
            shouldThrow<ConfigurationException> { call(home(work) + PLACE + ("AWS_PROFILE" to "gone")) }.message shouldContain "\"gone\""
        }
    }

    context("a container") {
        test("gives keys at its own address, with the token it wants") {
            val amazon = AmazonCloud(machine = { AmazonCloud.answer(200, keys(1)) })
            val env = mapOf("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" to "/v2/credentials/1", "AWS_CONTAINER_AUTHORIZATION_TOKEN" to "tok")
            amazon.client(PLACE + env).chat(request())
            signedBy(amazon.calls.single(), "ASIA1")
            amazon.calls.single().headers["x-amz-security-token"] shouldBe "session-token-1"
            amazon.asked.single().run {
                method shouldBe "GET"
                url shouldBe "http://169.254.170.2/v2/credentials/1"
                headers["authorization"] shouldBe "tok"
            }
        }

        test("gives keys for an address that is near or safe alone") {
            suspend fun ask(url: String): String? {
                val amazon = AmazonCloud(machine = { AmazonCloud.answer(200, keys(1)) })
                return try {
                    amazon.client(PLACE + ("AWS_CONTAINER_CREDENTIALS_FULL_URI" to url)).chat(request())
                    amazon.asked.single().url
                } catch (e: ConfigurationException) {
                    amazon.asked.shouldBeEmpty()
                    null
                }
            }
            for (url in listOf("http://localhost:81/k", "http://127.0.0.1/k", "http://[::1]/k", "http://169.254.170.23/v1/credentials", "https://a.example/k")) {
                ask(url) shouldBe url
            }
            for (url in listOf("http://a.example/k", "http://10.0.0.1/k", "http://127.0.0.1.a.example/k", "https://u:p@a.example/k", "ftp://localhost/", "::")) {
                withClue(url) { ask(url) shouldBe null }
            }
        }

        test("has a token in a file that is read each time") {
            val file = tempdir().resolve("token").also { it.writeText("from-file\n") }
            val amazon = AmazonCloud(machine = { AmazonCloud.answer(200, keys(1)) })
            val env = mapOf("AWS_CONTAINER_CREDENTIALS_FULL_URI" to "http://localhost/k", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE" to file.path)
            amazon.client(PLACE + env).chat(request())
            amazon.asked.single().headers["authorization"] shouldBe "from-file"
        }

        test("is asked once by many calls") {
            var issued = 0
            val amazon = AmazonCloud(
                machine = {
                    yield()
                    AmazonCloud.answer(200, keys(++issued))
                },
            )
            val client = amazon.client(PLACE + ("AWS_CONTAINER_CREDENTIALS_FULL_URI" to "http://localhost/k"))
            coroutineScope { List(50) { async { client.chat(request()) } }.awaitAll() }
            amazon.asked shouldHaveSize 1
            amazon.calls shouldHaveSize 50
        }

        test("that refuses, or answers no keys, is the failure") {
            suspend fun failure(status: Int, body: String) = shouldThrow<KompletionException> {
                AmazonCloud(machine = { AmazonCloud.answer(status, body) })
                    .client(PLACE + ("AWS_CONTAINER_CREDENTIALS_FULL_URI" to "http://localhost/k")).chat(request())
            }.message
            failure(500, "x") shouldContain "HTTP 500"
            failure(200, """{"AccessKeyId":"A"}""") shouldContain "without AccessKeyId and SecretAccessKey"
            failure(200, "<html>") shouldContain "without AccessKeyId and SecretAccessKey"
        }
    }

    context("an instance") {
        suspend fun machine(request: WireRequest) = when (request.url.substringAfter("169.254.169.254")) {
            "/latest/api/token" -> AmazonCloud.answer(200, "imds-token")
            "/latest/meta-data/iam/security-credentials/" -> AmazonCloud.answer(200, "my-role\n")
            "/latest/meta-data/iam/security-credentials/my-role" -> AmazonCloud.answer(200, keys(7))
            else -> AmazonCloud.answer(404, "")
        }

        test("gives the keys of its role, by the second version of its service") {
            val amazon = AmazonCloud(machine = ::machine)
            amazon.client(PLACE).chat(request())
            signedBy(amazon.calls.single(), "ASIA7")
            amazon.asked.map { it.method } shouldBe listOf("PUT", "GET", "GET")
            amazon.asked[0].headers["x-aws-ec2-metadata-token-ttl-seconds"] shouldBe "21600"
            amazon.asked[2].headers["x-aws-ec2-metadata-token"] shouldBe "imds-token"
        }

        test("is not asked when that is turned off, and may stand elsewhere") {
            val amazon = AmazonCloud(machine = ::machine)
            shouldThrow<ConfigurationException> {
                amazon.client(PLACE + ("AWS_EC2_METADATA_DISABLED" to "true")).chat(request())
            }.message shouldContain "No AWS credentials"
            amazon.transport.requests.shouldBeEmpty()
            shouldThrow<ConfigurationException> {
                amazon.client(PLACE + ("AWS_EC2_METADATA_SERVICE_ENDPOINT" to "http://localhost:1338/")).chat(request())
            }
            amazon.asked.single().url shouldBe "http://localhost:1338/latest/api/token"
        }

        test("without a role, or without the service, is no credential") {
            val without = AmazonCloud(machine = { if ("token" in it.url) AmazonCloud.answer(200, "t") else AmazonCloud.answer(404, "") })
            shouldThrow<ConfigurationException> { without.client(PLACE).chat(request()) }.message shouldContain "No AWS credentials"
            without.calls.shouldBeEmpty()
        }
    }

    context("the region") {
        suspend fun url(model: String = NOVA, env: Map<String, String> = emptyMap(), options: BedrockOptions = BedrockOptions {}): String {
            val amazon = AmazonCloud()
            amazon.client(env) { apiKey("bedrock", "a-key-of-bedrock") }.chat(request(model) { options(options) })
            return amazon.calls.single().url.substringBefore("/model/")
        }
        val arn = "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.amazon.nova-lite-v1:0"

        test("is that of the options, the ARN, then the environment") {
            url(options = BedrockOptions { region = "us-west-2" }) shouldBe "https://bedrock-runtime.us-west-2.amazonaws.com"
            url(options = BedrockOptions { with("aws_region_name", "us-west-2") }) shouldBe "https://bedrock-runtime.us-west-2.amazonaws.com"
            url(env = PLACE + ("AWS_DEFAULT_REGION" to "us-west-1")) shouldBe HOST
            url(env = mapOf("AWS_DEFAULT_REGION" to "us-west-1")) shouldBe "https://bedrock-runtime.us-west-1.amazonaws.com"
            url(arn, PLACE) shouldBe "https://bedrock-runtime.eu-west-1.amazonaws.com"
            url(env = mapOf("AWS_REGION" to "cn-north-1")) shouldBe "https://bedrock-runtime.cn-north-1.amazonaws.com.cn"
            url(env = mapOf("AWS_REGION" to "eusc-de-east-1")) shouldBe "https://bedrock-runtime.eusc-de-east-1.amazonaws.eu"
        }

        test("that leads elsewhere, contradicts the model or is missing is refused before anything is sent") {
            shouldThrow<ConfigurationException> { url(options = BedrockOptions { region = "x.evil.com/" }) }.message shouldContain "must be like us-east-1"
            shouldThrow<ConfigurationException> { url(env = mapOf("AWS_REGION" to "us east")) }.details.param shouldBe "region"
            shouldThrow<ConfigurationException> { url("arn:aws:bedrock:evil.com:1:x/y") }.message shouldContain "must be like us-east-1"
            shouldThrow<ConfigurationException> { url(arn, options = BedrockOptions { region = "us-east-1" }) }.message shouldContain "not that of the model's ARN"
            shouldThrow<ConfigurationException> { url() }.message shouldContain "No region for bedrock"
        }

        test("is not needed for another place with an API key, and is read from Amazon's own hosts") {
            url(env = mapOf("AWS_ENDPOINT_URL_BEDROCK_RUNTIME" to "https://gateway.example/bedrock")) shouldBe "https://gateway.example/bedrock"
            url(options = BedrockOptions { baseUrl = "https://other.example" }) shouldBe "https://other.example"
            val amazon = AmazonCloud()
            val vpc = "https://vpce-1-2.bedrock-runtime.eu-north-1.vpce.amazonaws.com"
            amazon.client(KEYS).chat(request { baseUrl(vpc) })
            signedBy(amazon.calls.single(), KEY_ID, "eu-north-1")
            shouldThrow<ConfigurationException> {
                AmazonCloud().client(KEYS).chat(request { baseUrl("https://gateway.example") })
            }.message shouldContain "No region"
        }
    }

    test("both providers of a client share the keys that were fetched") {
        var issued = 0
        val message = """{"type":"message","role":"assistant","content":[{"type":"text","text":"ok"}],"stop_reason":"end_turn"}"""
        val amazon = AmazonCloud(
            { call -> if (call % 2 == 1) AmazonCloud.answered("ok") else AmazonCloud.answer(200, message) },
            { AmazonCloud.answer(200, keys(++issued)) },
        )
        val client = amazon.client(PLACE + ("AWS_CONTAINER_CREDENTIALS_FULL_URI" to "http://localhost/k"))
        client.chat(request()).content shouldBe "ok"
        client.chat(ChatCompletionRequest("anthropic_bedrock/$HAIKU") { user("Hi") }).content shouldBe "ok"
        amazon.asked shouldHaveSize 1
        amazon.calls[1].url shouldNotBe amazon.calls[0].url
    }
})
