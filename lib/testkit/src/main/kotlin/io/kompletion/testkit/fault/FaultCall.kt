package io.kompletion.testkit.fault

/**
 * What a client has to do so that a [Fault] shows. Immutable.
 *
 * @property streams whether the call is a streamed one
 * @property hasTool whether the request offers the recording's tool
 * @property textBytes length of the user's text
 * @property calls how many calls are made one after the other with the same client
 * @property isHasty whether the client's clocks are short, because the fault is that nothing comes
 * @property isHeavy whether the fault moves or holds many megabytes, so that it is better alone
 */
public class FaultCall private constructor(
    public val streams: Boolean,
    public val hasTool: Boolean,
    public val textBytes: Int,
    public val calls: Int,
    public val isHasty: Boolean,
    public val isHeavy: Boolean,
) {
    private fun whole() = FaultCall(false, hasTool, textBytes, calls, isHasty, isHeavy)

    internal companion object {
        val STREAM = FaultCall(true, hasTool = false, textBytes = 0, calls = 1, isHasty = false, isHeavy = false)
        val TOOL = FaultCall(true, hasTool = true, textBytes = 0, calls = 1, isHasty = false, isHeavy = false)
        val HASTY = FaultCall(true, hasTool = false, textBytes = 0, calls = 1, isHasty = true, isHeavy = false)
        val HEAVY = FaultCall(true, hasTool = false, textBytes = 0, calls = 1, isHasty = false, isHeavy = true)
        val UPLOAD = FaultCall(true, hasTool = false, textBytes = 16 shl 20, calls = 1, isHasty = false, isHeavy = true)
        val TWO_CALLS = FaultCall(true, hasTool = false, textBytes = 0, calls = 2, isHasty = false, isHeavy = false)
        val WHOLE = STREAM.whole()
        val HASTY_WHOLE = HASTY.whole()
        val HEAVY_WHOLE = HEAVY.whole()
    }
}
