package io.kompletion.policy

/** Who shares one limit. */
public enum class LimitScope {
    /** All calls. */
    GLOBAL,

    /** The calls of one provider. */
    PROVIDER,

    /** The calls of one model of one provider. */
    MODEL,

    /** The calls with one key; known by a hash of it. */
    KEY,

    /** The calls with the same `user`; those without one are another. */
    USER,

    /** The calls with the same `tenant`; those without one are another. */
    TENANT,
}

/** What happens to a call that finds no room. */
public enum class WhenExceeded {
    /** It waits for its turn. */
    WAIT,

    /** It fails, and the next fallback is asked. */
    FAIL,
}

/** What happens to a call while the shared state of a policy does not answer. Listeners are told either way. */
public enum class WhenUnavailable {
    /** It goes on as if the policy were not there. */
    ALLOW,

    /** It fails with a `StateUnavailableException`. */
    REFUSE,
}
