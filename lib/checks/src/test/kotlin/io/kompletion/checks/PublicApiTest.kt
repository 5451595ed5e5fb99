package io.kompletion.checks

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import java.io.File

class PublicApiTest : FunSpec({
    val folder = tempdir("module")
    val module = CheckedModule(folder)
    val dump = folder.resolve("api/${folder.name}.api")
    File("target/test-classes/io/kompletion/checks/fixture/Friendly.class")
        .copyTo(folder.resolve("target/classes/Friendly.class"))

    test("a missing dump, an update and a match follow each other") {
        shouldThrow<AssertionError> { PublicApi.check(module, update = false) }
            .message shouldContain "+ io/kompletion/checks/fixture/Friendly: public final fun getName"
        PublicApi.check(module, update = true)
        PublicApi.check(module, update = false)
    }

    test("a member that has gone and one that is new are both named") {
        PublicApi.check(module, update = true)
        dump.writeText(dump.readText().replace("getName", "getTitle"))
        val message = shouldThrow<AssertionError> { PublicApi.check(module, update = false) }.message
        message shouldContain "- io/kompletion/checks/fixture/Friendly: public final fun getTitle"
        message shouldContain "+ io/kompletion/checks/fixture/Friendly: public final fun getName"
        message shouldContain "-Dabi.update=true"
    }

    test("internal members are not part of the dump") {
        val text = PublicApi.dump(module.classFiles())
        text shouldContain "public final fun getTags"
        text shouldNotContain "fetch"
        text.lines().count { it.startsWith("public final class") } shouldBe 1
    }
})
