package io.kompletion.checks

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.io.File

class RuntimeJarsTest : FunSpec({
    val folder = tempdir("module")
    val module = CheckedModule(folder)
    val jars = listOf("b-1.0.jar", "a-2.0.jar", "kompletion-0.1.0-SNAPSHOT.jar").map { folder.resolve(it) }
    jars.forEach { it.writeBytes(ByteArray(400_000)) }

    val printed = ArrayList<String>()

    fun limited(jars: Int, megabytes: Double) = RuntimeJars(jars, megabytes) { printed += it }

    fun classPath(files: List<File>) = folder.resolve("target/runtime-classpath.txt").run {
        parentFile.mkdirs()
        writeText(files.joinToString(File.pathSeparator) + "\n")
    }

    test("the list is written on request, sorted, without the version of our own jars, and then matches") {
        classPath(jars)
        limited(3, 1.2).check(module, update = true)
        folder.resolve("api/runtime-jars.txt").readLines() shouldBe
            listOf("a-2.0.jar", "b-1.0.jar", "kompletion (of this project)")
        limited(3, 1.2).check(module, update = false)
        printed.last() shouldBe "runtime jars ${folder.name}: 3 jars, 1.20 MB"
    }

    test("an added and a dropped jar are named") {
        classPath(jars)
        limited(3, 1.2).check(module, update = true)
        classPath(jars.drop(1) + folder.resolve("c-1.jar").also { it.writeText("") })
        val message = shouldThrow<AssertionError> { limited(9, 9.0).check(module, update = false) }.message
        message shouldContain "+ c-1.jar"
        message shouldContain "- b-1.0.jar"
    }

    test("the limits hold for an update, too") {
        classPath(jars)
        shouldThrow<AssertionError> { limited(2, 9.0).check(module, update = true) }
            .message shouldContain "3 jars are more than the limit of 2"
        shouldThrow<AssertionError> { limited(9, 1.1).check(module, update = true) }
            .message shouldContain "1.20 MB are more than the limit of 1.10 MB"
    }

    test("a folder of classes counts as the module it belongs to") {
        folder.resolve("core/pom.xml").apply { parentFile.mkdirs() }
            .writeText("<parent><artifactId>up</artifactId></parent><artifactId>kompletion</artifactId>")
        classPath(listOf(folder.resolve("core/target/classes").apply { mkdirs() }))
        limited(1, 1.0).check(module, update = true)
        folder.resolve("api/runtime-jars.txt").readText() shouldBe "kompletion (of this project)\n"
    }
})
