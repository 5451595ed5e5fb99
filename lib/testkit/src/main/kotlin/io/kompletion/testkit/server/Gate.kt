package io.kompletion.testkit.server

import java.time.Duration
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit

/**
 * A point in a server's script that the script cannot pass before the test opens it.
 *
 * The server waits in [await], the test knows from [awaitReached] that it has arrived there, looks at what the client
 * has by then, and calls [open]. Opening is final: later arrivals pass at once. A gate that is never opened holds
 * nothing for ever: the script behind it ends when the client closes the connection or the server is closed.
 * Thread-safe.
 *
 * @property name shown in messages
 */
public class Gate @JvmOverloads constructor(public val name: String = "gate") {
    private val reached = CountDownLatch(1)
    private val opened = CountDownLatch(1)

    /** True once [open] was called. */
    public val isOpen: Boolean get() = opened.count == 0L

    /** True once something arrived at [await]. */
    public val isReached: Boolean get() = reached.count == 0L

    /** Lets everybody pass, those who wait and those who come later. */
    public fun open() {
        opened.countDown()
    }

    /** Marks the gate as reached and waits until it is open. */
    @Throws(InterruptedException::class)
    public fun await() {
        reached.countDown()
        opened.await()
    }

    /**
     * Waits until a script has arrived at this gate.
     *
     * @throws AssertionError when none arrives within [timeout]
     */
    @JvmOverloads
    @Throws(InterruptedException::class)
    public fun awaitReached(timeout: Duration = DEFAULT_TIMEOUT) {
        if (!reached.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            throw AssertionError("No script reached gate \"$name\" within $timeout")
        }
    }

    override fun toString(): String = "Gate($name, ${if (isOpen) "open" else "shut"})"

    private companion object {
        val DEFAULT_TIMEOUT: Duration = Duration.ofSeconds(10)
    }
}
