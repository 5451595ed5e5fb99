package io.kompletion.testkit.fault

/**
 * What a client has to do so that a [Fault] shows. Immutable.
 *
 * @property streams whether the call is a streamed one
 * @property hasTool whether the request offers the recording's tool
 * @property textBytes length of the user's text
 * @property calls how many calls are made one after the other with the same client
 * @property areAtOnce whether those calls are made at the same time instead
 * @property isHasty whether the client's clocks are short, because the fault is that nothing comes
 * @property isHeavy whether the fault takes many megabytes or threads, so that it is better alone
 */
public class FaultCall private constructor(
    public val streams: Boolean = true,
    public val hasTool: Boolean = false,
    public val textBytes: Int = 0,
    public val calls: Int = 1,
    public val areAtOnce: Boolean = false,
    public val isHasty: Boolean = false,
    public val isHeavy: Boolean = false,
) {
    internal companion object {
        val STREAM = FaultCall()
        val TOOL = FaultCall(hasTool = true)
        val HASTY = FaultCall(isHasty = true)
        val HEAVY = FaultCall(isHeavy = true)
        val HASTY_HEAVY = FaultCall(isHasty = true, isHeavy = true)
        val UPLOAD = FaultCall(textBytes = 16 shl 20, isHeavy = true)
        val TWO_CALLS = FaultCall(calls = 2)
        val AT_ONCE = FaultCall(calls = 50, areAtOnce = true, isHeavy = true)
        val WHOLE = FaultCall(streams = false)
        val HASTY_WHOLE = FaultCall(streams = false, isHasty = true)
        val HEAVY_WHOLE = FaultCall(streams = false, isHeavy = true)
    }
}
