package io.kompletion.checks

import io.kompletion.checks.lean.LeanClasses
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import org.objectweb.asm.ClassReader
import org.objectweb.asm.tree.ClassNode
import java.io.File
import java.lang.reflect.InvocationTargetException
import java.net.URLClassLoader

class LeanClassesTest : FunSpec({
    val before = File("target/test-classes")
    val folder = tempdir()
    val names = listOf("LeanOutside", "LeanInside", "LeanInside\$Nested", "LeanFixturesKt")
    val place = "io/kompletion/checks/fixture"
    folder.resolve(place).mkdirs()
    for (name in names) before.resolve("$place/$name.class").copyTo(folder.resolve("$place/$name.class"))
    LeanClasses(folder).write()

    fun node(root: File, name: String) =
        ClassNode().also { ClassReader(root.resolve("$place/$name.class").readBytes()).accept(it, 0) }

    // a loader without the test's own classes, so that what is loaded is what was written
    val kotlin = URLClassLoader(
        arrayOf(folder.toURI().toURL(), Unit::class.java.protectionDomain.codeSource.location),
        ClassLoader.getPlatformClassLoader(),
    )
    afterSpec { kotlin.close() }

    fun twice(name: String, text: String?, other: String?): Any? {
        val type = kotlin.loadClass("io.kompletion.checks.fixture.$name")
        val made = type.getConstructor(String::class.java).newInstance(text)
        return type.getMethod("twice", String::class.java).invoke(made, other)
    }

    test("names of local variables go, lines and parameters stay") {
        for (name in names) {
            node(folder, name).methods.flatMap { it.localVariables.orEmpty() }.shouldBeEmpty()
            node(folder, name).methods.map { it.name + it.desc } shouldBe node(before, name).methods.map { it.name + it.desc }
        }
        node(before, "LeanInside").methods.flatMap { it.localVariables.orEmpty() }.isEmpty() shouldBe false
        val type = kotlin.loadClass("io.kompletion.checks.fixture.LeanInside")
        type.getMethod("line").invoke(type.getConstructor(String::class.java).newInstance("")) shouldBe
            before.resolve("../../src/test/kotlin/$place/LeanFixtures.kt").readLines()
                .indexOfFirst { "fun line()" in it } + 1
    }

    test("a public class keeps what compilers read of it and its checks for null") {
        node(folder, "LeanOutside").kotlinMetadata().shouldNotBeNull()
        val wrong = shouldThrow<InvocationTargetException> { twice("LeanOutside", "a", null) }
        wrong.cause!!.message shouldBe
            "Parameter specified as non-null is null: method $place/LeanOutside.twice, parameter other".replace('/', '.')
        twice("LeanOutside", "a", "b") shouldBe "aabb"
    }

    test("an internal class, one inside it and a file of internal functions lose them, and work as before") {
        for (name in names - "LeanOutside") {
            node(before, name).kotlinMetadata().shouldNotBeNull()
            node(folder, name).kotlinMetadata().shouldBeNull()
            node(folder, name).methods.flatMap { it.invisibleAnnotations.orEmpty() }.shouldBeEmpty()
        }
        twice("LeanInside", "a", null) shouldBe "aanullnull"
        twice("LeanInside", "a", "b") shouldBe "aabb"
        kotlin.loadClass("io.kompletion.checks.fixture.LeanInside\$Nested").constructors.map { it.parameterCount }
            .shouldContainExactly(1)
    }
})
