package io.kompletion.testkit.internal

/** A request that the real server would not take; [failure] is what it says instead. */
internal class RefusedException(val failure: FakeFailure) : Exception(failure.message) {
    constructor(status: Int, message: String, type: String? = null, code: String? = null, param: String? = null) :
        this(FakeFailure(status, message, type, code, param))
}
