package io.kompletion.internal.wire

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe

class JsonLimitsTest : FunSpec({
    fun nested(depth: Int) = "[".repeat(depth) + "]".repeat(depth)

    fun wide(values: Int) = "[" + "{},".repeat(values / 2) + "{}]"

    test("depth is limited before a tree is made") {
        JsonLimits.brokenBy(nested(400)).shouldBeNull()
        JsonLimits.brokenBy(nested(100_000)) shouldBe JsonLimits.DEPTH
        WireJson.parse(nested(400)).shouldNotBeNull()
        WireJson.parse(nested(401)).shouldBeNull()
    }

    test("the number of values is limited before a tree is made") {
        JsonLimits.brokenBy(wide(1_000_000)).shouldBeNull()
        JsonLimits.brokenBy(wide(2_100_000)) shouldBe JsonLimits.VALUES
    }

    test("what stands in a string is text") {
        JsonLimits.brokenBy("[\"${"[{,".repeat(1_000_000)}\"]").shouldBeNull()
        JsonLimits.brokenBy("[\"\\\"${nested(600)}\"]").shouldBeNull()
        JsonLimits.brokenBy("[\"\\\\\",${nested(600)}]") shouldBe JsonLimits.DEPTH
    }
})
