package io.kompletion.chat

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.maps.shouldBeEmpty
import io.kotest.matchers.shouldBe

class UsageBucketsTest : FunSpec({
    test("the buckets that are not empty have the names of costs and sum to the total") {
        val usage = Usage.ofTotals(
            prompt = 100,
            completion = 50,
            cacheRead = 10,
            cacheWrite = 9,
            cacheWriteOneHour = 8,
            audioInput = 7,
            imageInput = 6,
            reasoning = 5,
            audioOutput = 4,
            imageOutput = 3,
        )
        usage.buckets shouldBe mapOf(
            "input" to 60L,
            "cache_read" to 10L,
            "cache_write" to 9L,
            "cache_write_1h" to 8L,
            "audio_input" to 7L,
            "image_input" to 6L,
            "output" to 38L,
            "reasoning" to 5L,
            "audio_output" to 4L,
            "image_output" to 3L,
        )
        usage.buckets.values.sum() shouldBe usage.totalTokens
    }

    test("empty buckets are left out") {
        Usage.ofTotals(prompt = 3, completion = 0).buckets shouldBe mapOf("input" to 3L)
        Usage.ofTotals(prompt = 0, completion = 0).buckets.shouldBeEmpty()
    }
})
