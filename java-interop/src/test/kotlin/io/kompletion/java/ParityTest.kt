package io.kompletion.java

import io.kompletion.Kompletion
import io.kompletion.checks.failOn
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.ints.shouldBeGreaterThanOrEqual
import kotlinx.coroutines.flow.Flow
import java.lang.reflect.Method
import java.lang.reflect.Modifier
import java.lang.reflect.ParameterizedType
import java.lang.reflect.Type
import java.lang.reflect.WildcardType
import java.util.concurrent.CompletableFuture
import java.util.function.Consumer
import kotlin.coroutines.Continuation
import java.util.concurrent.Flow.Publisher as FlowPublisher

class ParityTest : FunSpec({
    val endpoints = endpointsOf(Kompletion::class.java)

    test("the Kotlin client has the endpoints that this test can see") {
        endpoints.size shouldBeGreaterThanOrEqual 5
        endpoints.map { it.name } shouldContain "chatStream"
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
        endpointsOf(MoreEndpoints::class.java)
            .mapNotNull { missing(it, KompletionClient::class.java, ::isAsync) } shouldHaveSize 1
    }
})

/** A public function of the Kotlin client in the terms of Java. */
private class Endpoint(val name: String, val parameters: List<String>, val result: Type, val isSuspending: Boolean) {
    override fun toString(): String = "$name(${parameters.joinToString()}): ${result.typeName}"
}

private fun endpointsOf(client: Class<*>): List<Endpoint> = client.declaredMethods
    .filter { Modifier.isPublic(it.modifiers) && !Modifier.isStatic(it.modifiers) }
    .filter { '$' !in it.name && it.name != "close" }
    .map { method ->
        val types = method.genericParameterTypes.toList()
        val continuation = types.lastOrNull()?.takeIf { raw(it) == Continuation::class.java }
        Endpoint(
            method.name,
            types.filter { it !== continuation }.map(::twinOf),
            continuation?.let(::argument) ?: method.genericReturnType,
            continuation != null,
        )
    }

private fun missing(endpoint: Endpoint, client: Class<*>, returns: (Endpoint, Method) -> Boolean): String? {
    val twin = client.methods.any { method ->
        method.name == endpoint.name &&
            method.genericParameterTypes.map(::twinOf) == endpoint.parameters &&
            returns(endpoint, method)
    }
    return if (twin) null else "a twin of $endpoint"
}

private fun isAsync(endpoint: Endpoint, method: Method): Boolean {
    val type = method.genericReturnType
    return when {
        endpoint.isSuspending -> raw(type) == CompletableFuture::class.java && argument(type) == endpoint.result

        raw(endpoint.result) == Flow::class.java ->
            raw(type) == FlowPublisher::class.java && argument(type) == argument(endpoint.result)

        else -> type == endpoint.result
    }
}

private fun isBlocking(endpoint: Endpoint, method: Method): Boolean = when {
    raw(endpoint.result) != Flow::class.java -> method.genericReturnType == endpoint.result

    else -> AutoCloseable::class.java.isAssignableFrom(method.returnType) &&
        method.returnType.genericInterfaces.any {
            raw(it) == Iterable::class.java && argument(it) == argument(endpoint.result)
        }
}

/** `Consumer<B>` for a lambda on the receiver `B`, every other type by its name. */
private fun twinOf(type: Type): String = when (raw(type)) {
    Function1::class.java, Consumer::class.java -> "Consumer<${argument(type).typeName}>"
    else -> type.typeName
}

private fun raw(type: Type): Type = (type as? ParameterizedType)?.rawType ?: type

/** The first type argument, without its variance. */
private fun argument(type: Type): Type {
    val first = (type as ParameterizedType).actualTypeArguments.first()
    return (first as? WildcardType)?.let { it.lowerBounds.firstOrNull() ?: it.upperBounds.first() } ?: first
}
