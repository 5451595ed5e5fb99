package io.kompletion.yaml

import io.kompletion.Kompletion
import io.kompletion.error.ConfigurationException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempfile
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

class YamlConfigurationTest : FunSpec({
    val yaml = YamlConfiguration()

    test("YAML means the same as its JSON") {
        yaml.toJson(
            """
            # our models
            providers:
              acme:
                base_url: https://llm.acme.example/v1
                api_key: ${'$'}{ACME_KEY}
                model_prefixes: [ac-, "acme-"]
                allow_insecure: false
            aliases: {fast: acme/m, best: [{model: acme/l, temperature: 0.5}]}
            timeouts: {idle: 30, total: null}
            """.trimIndent(),
        ) shouldBe """{"providers":{"acme":{"base_url":"https://llm.acme.example/v1","api_key":"${'$'}{ACME_KEY}",""" +
            """"model_prefixes":["ac-","acme-"],"allow_insecure":false}},""" +
            """"aliases":{"fast":"acme/m","best":[{"model":"acme/l","temperature":0.5}]},"timeouts":{"idle":30,"total":null}}"""
        yaml.toJson("") shouldBe "{}"
        yaml.toJson("# nothing yet\n") shouldBe "{}"
    }

    for ((text, message) in listOf(
        "providers: {acme: {api_key: \"CANARY" to "the configuration is no YAML at line 1",
        "a: 1\na: CANARY" to "the configuration is no YAML",
        "- CANARY" to "the configuration must be a mapping",
        "a: !!java.lang.ProcessBuilder [CANARY]" to "the configuration is no YAML",
        "a: .inf" to "a number is not finite",
        "1: CANARY" to "a key of the configuration is no text",
        "a: b\n---\nc: CANARY" to "the configuration is no YAML",
        "a: " + "[".repeat(200) + "]".repeat(200) to "nested more than 100 deep",
        "a: &a [x,x,x,x,x,x,x,x,x]\n" + (1..60).joinToString("") { "b$it: &b$it [*a,*a]\n" } to "the configuration is no YAML",
    )) {
        test("refused: ${text.take(30)}") {
            val failure = shouldThrow<ConfigurationException> { yaml.toJson(text) }
            failure.message.orEmpty() shouldContain message
            failure.stackTraceToString() shouldNotContain "CANARY"
        }
    }

    test("the builder finds it by the name of the file") {
        val file = tempfile("kompletion", ".yml").apply { writeText("aliases:\n  fast: openai/gpt-5-mini\n") }
        Kompletion { configurationFile(file.toPath()) }.close()
        file.writeText("aliasses:\n  fast: openai/gpt-5-mini\n")
        shouldThrow<ConfigurationException> { Kompletion { configurationFile(file.toPath()) } }
            .message.orEmpty() shouldContain "aliasses is not known; did you mean \"aliases\"?"
    }
})
