package io.kompletion.testkit.fault

import io.kompletion.testkit.server.LoopbackHandler
import io.kompletion.testkit.server.LoopbackReply

/**
 * What a [FaultServer] is made of.
 *
 * @property site where the client finds the server, or does not
 * @property answersBeforeBody whether the body of a request is left unread
 * @property replies answers in turn, of which the last one serves every further request; given the URL of a second
 *   server where [site] has one
 * @property handler decides by the request instead, where the answer depends on it
 */
internal class FaultPlan(
    val site: Site = Site.PLAIN,
    val answersBeforeBody: Boolean = false,
    val handler: LoopbackHandler? = null,
    val replies: (otherHost: String) -> List<LoopbackReply> = { emptyList() },
) {
    constructor(vararg replies: LoopbackReply) : this(replies = { replies.asList() })

    enum class Site {
        PLAIN,

        /** A port on which nobody listens. */
        REFUSED,

        /** A port that takes no more connections and refuses none. */
        FULL,

        /** A name without an address. */
        NO_SUCH_HOST,

        /** A certificate of the server's own authority. */
        TLS,

        /** The same for another host. */
        TLS_OTHER_HOST,

        /** The same, expired. */
        TLS_EXPIRED,

        /** A certificate that nobody has signed. */
        TLS_SELF_SIGNED,

        /** A server that speaks nothing newer than TLS 1.0. */
        TLS_OLD,

        /** `https` in the URL of a server that speaks plain HTTP. */
        NO_TLS,

        /** Redirects to a second server. */
        REDIRECTING,
    }
}
