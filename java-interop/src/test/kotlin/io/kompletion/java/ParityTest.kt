package io.kompletion.java

import io.kompletion.Kompletion
import io.kompletion.checks.failOn
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.ints.shouldBeGreaterThanOrEqual
import io.kotest.matchers.nulls.shouldNotBeNull
import kotlinx.coroutines.flow.Flow
import java.lang.reflect.Method
import java.lang.reflect.Type
import java.util.concurrent.CompletableFuture
import kotlin.reflect.KClass
import kotlin.reflect.KType
import kotlin.reflect.KVisibility
import kotlin.reflect.full.declaredMemberFunctions
import kotlin.reflect.full.valueParameters
import java.util.concurrent.Flow.Publisher as FlowPublisher

class ParityTest : FunSpec({
    val endpoints = endpointsOf(Kompletion::class)

    test("the Kotlin client has the endpoints that this test can see") {
        endpoints.size shouldBeGreaterThanOrEqual 5
        endpoints.map { it.name } shouldContainAll listOf("chatStream", "stats", "clearCache")
    }

    test("every endpoint of the Kotlin client has a twin with futures and publishers") {
        failOn("KompletionClient lacks", endpoints.mapNotNull { missing(it, KompletionClient::class.java, ::isAsync) })
    }

    test("every endpoint of the Kotlin client has a blocking twin") {
        val client = BlockingKompletionClient::class.java
        failOn("BlockingKompletionClient lacks", endpoints.mapNotNull { missing(it, client, ::isBlocking) })
    }

    test("an endpoint without a twin is found") {
        class MoreEndpoints {
            @Suppress("unused", "RedundantSuspendModifier", "FunctionOnlyReturningConstant")
            suspend fun dream(model: String): String = model
        }
        endpointsOf(MoreEndpoints::class)
            .mapNotNull { missing(it, KompletionClient::class.java, ::isAsync) } shouldHaveSize 1
    }
})

/** A public function of the Kotlin client in the terms of Java. */
private class Endpoint(val name: String, val parameters: List<String>, val result: KType, val isSuspending: Boolean) {
    val isStreaming: Boolean get() = result.classifier == Flow::class

    override fun toString(): String = "$name(${parameters.joinToString()}): $result"
}

private fun endpointsOf(client: KClass<*>): List<Endpoint> = client.declaredMemberFunctions
    .filter { it.visibility == KVisibility.PUBLIC && it.name != "close" }
    .map { function ->
        val parameters = function.valueParameters.map { twinOf(it.type) }
        Endpoint(function.name, parameters, function.returnType, function.isSuspend)
    }

private fun missing(endpoint: Endpoint, client: Class<*>, returns: (Endpoint, Method) -> Boolean): String? {
    val twin = client.methods.any { method ->
        method.name == endpoint.name &&
            method.genericParameterTypes.map { plain(it) } == endpoint.parameters &&
            returns(endpoint, method)
    }
    return if (twin) null else "a twin of $endpoint"
}

private fun isAsync(endpoint: Endpoint, method: Method): Boolean {
    val expected = when {
        endpoint.isSuspending -> "${CompletableFuture::class.java.name}<${plain(endpoint.result, isArgument = true)}>"
        endpoint.isStreaming -> "${FlowPublisher::class.java.name}<${firstArgument(endpoint.result)}>"
        else -> plain(endpoint.result)
    }
    return plain(method.genericReturnType) == expected
}

private fun isBlocking(endpoint: Endpoint, method: Method): Boolean = if (endpoint.isStreaming) {
    AutoCloseable::class.java.isAssignableFrom(method.returnType) &&
        "java.lang.Iterable<${firstArgument(endpoint.result)}>" in method.returnType.genericInterfaces.map(::plain)
} else {
    plain(method.genericReturnType) == plain(endpoint.result)
}

/** `Consumer<B>` for a lambda on the receiver `B`, every other type by its name. */
private fun twinOf(type: KType): String = if (type.classifier == Function1::class) {
    "java.util.function.Consumer<${firstArgument(type)}>"
} else {
    plain(type)
}

private fun firstArgument(type: KType): String = plain(type.arguments.first().type.shouldNotBeNull(), isArgument = true)

/** The name that Java has for [type], without variance; Kotlin writes no generics for members that are synthetic. */
private fun plain(type: KType, isArgument: Boolean = false): String {
    val kotlinClass = type.classifier as KClass<*>
    if (kotlinClass == Unit::class) return if (isArgument) "java.lang.Void" else "void"
    val name = (if (isArgument || type.isMarkedNullable) kotlinClass.javaObjectType else kotlinClass.java).typeName
    val arguments = type.arguments.map { plain(it.type.shouldNotBeNull(), isArgument = true) }
    return if (arguments.isEmpty()) name else arguments.joinToString(", ", "$name<", ">")
}

private fun plain(type: Type): String = type.typeName.replace("? super ", "").replace("? extends ", "")
