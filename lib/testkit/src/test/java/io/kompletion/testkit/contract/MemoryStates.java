package io.kompletion.testkit.contract;

import io.kompletion.internal.state.MemoryState;
import io.kompletion.store.SharedState;
import kotlin.jvm.functions.Function0;

/** Makes the state of core, which is internal to it for Kotlin; core cannot run the contracts, which depend on it. */
final class MemoryStates {
    private MemoryStates() {}

    static SharedState create(Function0<Long> nanos, Function0<Long> millis) {
        return new MemoryState(nanos, millis);
    }
}
