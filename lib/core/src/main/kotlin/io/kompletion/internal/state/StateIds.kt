package io.kompletion.internal.state

import java.util.UUID
import java.util.concurrent.atomic.AtomicLong

/** Ids that no other process gives: one random part for the store, and a number. */
internal class StateIds {
    private val store = UUID.randomUUID().toString()
    private val last = AtomicLong()

    fun next(): String = "$store-${last.incrementAndGet()}"
}
