package io.kompletion.redis.internal

import io.kompletion.error.ErrorDetails
import io.kompletion.error.StateUnavailableException
import io.kompletion.redis.RedisStateOptions
import io.lettuce.core.RedisCommandExecutionException
import io.lettuce.core.RedisException
import io.lettuce.core.RedisNoScriptException
import io.lettuce.core.ScriptOutputType
import io.lettuce.core.api.async.RedisAsyncCommands
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.future.await
import kotlinx.coroutines.isActive
import java.io.IOException
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.TimeUnit.NANOSECONDS
import java.util.concurrent.TimeoutException

/** Asks Redis, within the time that a command has, and says in one kind of exception what kept it from answering. */
internal class RedisLink(private val options: RedisStateOptions) : AutoCloseable {
    private val connection = SharedConnection(options)
    private val timeout = options.commandTimeout.toNanos()

    /** What [command] gives. */
    suspend fun <T> call(command: (RedisAsyncCommands<String, ByteArray>) -> CompletionStage<T>): T =
        answered { ask(command) }

    /** A script whose answer is one number. */
    suspend fun number(script: LuaScript, keys: List<String>, vararg args: Any): Long =
        run(script, ScriptOutputType.INTEGER, keys, args)

    /** A script whose answer is a list of numbers and text. */
    suspend fun list(script: LuaScript, keys: List<String>, vararg args: Any): List<Any> =
        run(script, ScriptOutputType.MULTI, keys, args)

    /**
     * What [block] gives. When its caller is cancelled, or has waited too long, Redis may still do what was asked; so
     * [script] is sent behind it, which undoes it, and nobody waits for that.
     */
    suspend fun <T> undoing(
        script: LuaScript,
        keys: List<String>,
        vararg args: Any,
        block: suspend RedisLink.() -> T,
    ): T = try {
        block()
    } catch (e: CancellationException) {
        send(script, keys, args)
        throw e
    } catch (e: StateUnavailableException) {
        send(script, keys, args)
        throw e
    }

    private fun send(script: LuaScript, keys: List<String>, args: Array<out Any>) {
        val open = connection.openOrNull() ?: return
        try {
            open.async().eval<Any>(script.text, ScriptOutputType.MULTI, keys.toTypedArray(), *bytes(args))
        } catch (_: RedisException) {
            // the connection has ended; so does what was asked for, with its lease
        } catch (_: IllegalStateException) {
            // the same of the client
        }
    }

    private suspend fun <T> run(
        script: LuaScript,
        type: ScriptOutputType,
        keys: List<String>,
        args: Array<out Any>,
    ): T = answered {
        val names = keys.toTypedArray()
        val values = bytes(args)
        try {
            ask { it.evalsha(script.sha, type, names, *values) }
        } catch (_: RedisNoScriptException) {
            // a Redis that is new, or was told to forget its scripts; it knows this one from now on
            ask { it.eval(script.text, type, names, *values) }
        }
    }

    private fun bytes(args: Array<out Any>): Array<ByteArray> =
        Array(args.size) { args[it].toString().encodeToByteArray() }

    private suspend fun <T> ask(command: (RedisAsyncCommands<String, ByteArray>) -> CompletionStage<T>): T {
        // what waits for the connection of all is a stage of its own, so that it can be cancelled
        val open = connection.openOrNull() ?: connection.open().thenApply { it }.awaitInTime()
        return command(open.async()).toCompletableFuture().awaitInTime()
    }

    /** By the clock of the JDK, not that of the coroutine, which is a virtual one in tests. */
    private suspend fun <T> CompletableFuture<T>.awaitInTime(): T = orTimeout(timeout, NANOSECONDS).await()

    private suspend inline fun <T> answered(block: () -> T): T = try {
        block()
    } catch (e: CancellationException) {
        // Lettuce cancels its commands when it closes; that is no cancellation of the caller
        if (!currentCoroutineContext().isActive) throw e
        throw unavailable("the connection was closed", e)
    } catch (e: TimeoutException) {
        throw unavailable("no answer within ${options.commandTimeout}", e)
    } catch (e: RedisCommandExecutionException) {
        throw unavailable(e.message ?: "the command failed", e)
    } catch (e: RedisException) {
        throw unavailable("the connection failed", e)
    } catch (e: IOException) {
        throw unavailable("the connection failed", e)
    } catch (e: IllegalStateException) {
        // of a client that somebody stops meanwhile
        throw unavailable("the client is stopped", e)
    } catch (e: RejectedExecutionException) {
        throw unavailable("the client is stopped", e)
    }

    private fun unavailable(what: String, cause: Exception) = StateUnavailableException(
        "Redis at ${options.address}: $what",
        ErrorDetails.builder().code("state.unavailable").build(),
        cause,
    )

    override fun close() = connection.close()
}
