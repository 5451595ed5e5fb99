package io.kompletion.provider

/** How a key travels: always in a header, never in a URL. */
public sealed interface Auth {
    /** `Authorization: Bearer <key>`. */
    public object Bearer : Auth {
        override fun toString(): String = "Bearer"
    }

    /** A header of its own, e.g. `x-api-key: <key>`. */
    public data class Header(public val name: String) : Auth

    /** No key at all, as for most servers on one's own machine. */
    public object None : Auth {
        override fun toString(): String = "None"
    }

    public companion object {
        @JvmField
        public val BEARER: Auth = Bearer

        @JvmField
        public val NONE: Auth = None

        @JvmStatic
        public fun header(name: String): Auth = Header(name)
    }
}
