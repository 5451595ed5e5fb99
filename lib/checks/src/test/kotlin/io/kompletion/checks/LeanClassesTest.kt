package io.kompletion.checks

import io.kompletion.checks.lean.LeanClasses
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import org.objectweb.asm.ClassReader
import org.objectweb.asm.tree.ClassNode
import org.objectweb.asm.tree.LineNumberNode
import java.io.File
import java.lang.reflect.InvocationTargetException
import java.net.URLClassLoader

class LeanClassesTest : FunSpec({
    val before = File("target/test-classes")
    val folder = tempdir()
    val names = listOf("LeanOutside", "LeanInside", "LeanInside\$Nested", "LeanFixturesKt")
    val place = "io/kompletion/checks/fixture"
    folder.resolve(place).mkdirs()
    val called = listOf("LeanStep", "LeanCalled", "LeanCalled\$Companion", "LeanCaller", "LeanCaller\$suspending\$1", "LeanPause")
    for (name in names + called) before.resolve("$place/$name.class").copyTo(folder.resolve("$place/$name.class"))
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

    fun stackOf(loader: ClassLoader): List<Int> {
        val caller = loader.loadClass("io.kompletion.checks.fixture.LeanCaller")
        val thrown = shouldThrow<InvocationTargetException> { caller.getMethod("fail").invoke(caller.getConstructor().newInstance()) }
        return thrown.cause!!.stackTrace.filter { place in it.className.replace('.', '/') }.map { it.lineNumber }
    }

    fun methods(root: File, name: String) = node(root, name).methods.map { it.name }

    test("a stack trace shows the lines that it showed before, and lines that none can show go") {
        stackOf(kotlin) shouldBe stackOf(LeanClassesTest::class.java.classLoader)
        fun lines(root: File) = node(root, "LeanCalled").methods.single { it.name == "failing" }
            .instructions.filterIsInstance<LineNumberNode>().map { it.line }
        val source = before.resolve("../../src/test/kotlin/$place/LeanFixtures.kt").readLines()
        lines(folder) shouldContainExactly listOf("val divisor = numbers.size", "first / divisor")
            .map { text -> source.indexOfFirst { text in it } + 1 }
        lines(before).containsAll(lines(folder)) shouldBe true
    }

    test("a hidden method that nothing calls goes, with what only it called; what is called or demanded stays") {
        methods(before, "LeanCalled") shouldContainAll listOf("uncalled", "onlyFromUncalled", "getUnread")
        methods(folder, "LeanCalled") shouldContainExactly listOf("<init>", "named", "read", "failing", "<clinit>")
            .let { kept -> methods(before, "LeanCalled").filter { it in kept || "lambda" in it } }
        methods(folder, "LeanStep") shouldContainExactly listOf("named")
        methods(folder, "LeanOutside") shouldBe methods(before, "LeanOutside")
        val caller = kotlin.loadClass("io.kompletion.checks.fixture.LeanCaller")
        caller.getMethod("call").invoke(caller.getConstructor().newInstance()) shouldBe "a32b1"
    }

    test("a hidden companion without functions goes, and what it declared stays") {
        before.resolve("$place/LeanCalled\$Companion.class").exists() shouldBe true
        folder.resolve("$place/LeanCalled\$Companion.class").exists() shouldBe false
        node(folder, "LeanCalled").fields.map { it.name } shouldContainExactly
            node(before, "LeanCalled").fields.map { it.name } - "Companion"
    }

    test("generic signatures of hidden classes and of private members go, those of public members stay") {
        node(before, "LeanCalled").fields.single { it.name == "generic" }.signature.shouldNotBeNull()
        node(folder, "LeanCalled").fields.single { it.name == "generic" }.signature.shouldBeNull()
        val suspending = node(folder, "LeanCaller").methods.single { it.name == "suspending" }
        suspending.signature shouldBe node(before, "LeanCaller").methods.single { it.name == "suspending" }.signature
        suspending.signature.shouldNotBeNull()
    }

    test("a coroutine keeps where it is and loses the names of what it keeps while it is suspended") {
        fun keys(root: File) = node(root, "LeanCaller\$suspending\$1").visibleAnnotations
            .single { it.desc.endsWith("DebugMetadata;") }.values.filterIndexed { at, _ -> at % 2 == 0 }
        keys(before) shouldContainAll listOf("s", "n", "i")
        keys(folder) shouldContainExactlyInAnyOrder keys(before) - setOf("i", "s", "n", "nl")
        keys(folder) shouldContainAll listOf("f", "l", "m", "c")
    }

    test("the map of inlined lines goes") {
        fun maps(root: File) = node(root, "LeanCaller").invisibleAnnotations.orEmpty().filter { "SourceDebug" in it.desc }
        maps(before).size shouldBe 1
        maps(folder).shouldBeEmpty()
    }
})
