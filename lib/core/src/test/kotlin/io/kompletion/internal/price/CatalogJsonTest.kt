package io.kompletion.internal.price

import io.kompletion.error.ConfigurationException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class CatalogJsonTest : FunSpec({
    fun read(models: String, head: String = "\"version\":1") = CatalogJson.models("{$head,\"providers\":{\"gpu-1\":$models}}", "file")

    test("every field arrives") {
        val text = """{"llama":{"mode":"chat","context":10,"max_output":5,"can":"tools vision","source":"me","date":"2026-11-20",
            "price":{"input":1,"cache_read":2,"cache_write":3,"cache_write_1h":4,"audio_input":5,"image_input":6,"output":7,
            "reasoning":8,"audio_output":9,"image_output":1e1},"tiers":[{"above":100,"input":11,"output":12}],
            "batch":{"input":13},"flex":{"output":14},"priority":{"input":15},"per":{"image":0.5},
            "disputed":[{"source":"her","input":16,"output":17}]}}"""
        val model = read(text).single()
        model.provider shouldBe "gpu-1"
        model.toString() shouldBe "ModelInfo(gpu-1/llama, context=10, maxOutput=5, ModelCapabilities(tools, vision), " +
            "ModelPrices(standard=TokenPrices(input=1, cache_read=2, cache_write=3, cache_write_1h=4, audio_input=5, " +
            "image_input=6, output=7, reasoning=8, audio_output=9, image_output=10), longContext=[above 100: " +
            "TokenPrices(input=11, output=12)], services={batch=TokenPrices(input=13), flex=TokenPrices(output=14), " +
            "priority=TokenPrices(input=15)}, perUnit={image=0.5}), source=me, date=2026-11-20, like=null)"
        model.mode shouldBe "chat"
        model.disputes.single().toString() shouldBe "her: 16 and 17"
    }

    test("the head holds for models that do not say otherwise") {
        val models = read("""{"a":{},"b":{"source":"me"}}""", """"version":1,"source":"us","date":"2026-01-02"""")
        models.map { "${it.source} ${it.date}" } shouldBe listOf("us 2026-01-02", "me 2026-01-02")
    }

    for ((text, problem) in mapOf(
        """{"llama":{"price":{"inputs":1}}}""" to "file, gpu-1/llama, price: unknown \"inputs\"; did you mean \"input\"?",
        """{"llama":{"contxt":1}}""" to "file, gpu-1/llama: unknown \"contxt\"; did you mean \"context\"?",
        """{"llama":{"price":{"input":-1}}}""" to "file, gpu-1/llama, price, input must be a number of dollars, 0 or more",
        """{"llama":{"price":{"input":"cheap"}}}""" to "price, input must be a number",
        """{"llama":{"price":{"input":1e999999999}}}""" to "price, input must be a number",
        """{"llama":{"price":1}}""" to "\"price\"",
        """{"llama":{"context":-5}}""" to "\"context\" must be positive, got -5",
        """{"llama":{"tiers":[{"input":1}]}}""" to "\"above\" is missing",
        """{"llama":{"date":"yesterday"}}""" to "\"date\" must be a day",
        """{"llama":7}""" to "file, gpu-1/llama must be an object",
        """{"":{}}""" to "a provider or a model has no name",
        """7""" to "file, gpu-1 must be an object",
    )) {
        test("$text is refused with its place") {
            shouldThrow<ConfigurationException> { read(text) }.message.orEmpty() shouldContain problem
        }
    }

    for ((text, problem) in mapOf(
        "" to "is no JSON object",
        "[]" to "is no JSON object",
        "<html>" to "is no JSON object",
        """{"providers":{}}""" to "has no \"version\"",
        """{"version":2,"providers":{}}""" to "has version 2",
        """{"version":1}""" to "has no \"providers\"",
        """{"version":1,"currency":"EUR","providers":{}}""" to "has prices in EUR",
        """{"version":1,"per_tokens":1000,"providers":{}}""" to "has prices for 1000 tokens",
        """{"version":1,"provider":{},"providers":{}}""" to "unknown \"provider\"",
    )) {
        test("a document \"$text\" is refused") {
            shouldThrow<ConfigurationException> { CatalogJson.models(text, "file") }.message.orEmpty() shouldContain problem
        }
    }
})
