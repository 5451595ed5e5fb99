package io.kompletion.testkit.contract

/**
 * What a transport leaves to others because its engine cannot do it. [transportContract] then asserts what it does instead.
 *
 * @property reusesConnections whether a second POST to the same host goes over the connection of the first
 * @property skipsInterimAnswers whether 100 and 103 are read over; if not, they are a retryable `ConnectionException`
 * @property seesMissingLastChunk whether a chunked body that ends between two chunks is an error and not an end
 * @property takesLongHeaderLines whether a header line of 32 KiB is read; if not, it is a `ConnectionException`
 * @property noticesMissingTls whether an answer in plain HTTP to a TLS handshake is told from a slow one; if not, the
 *   connect clock ends it
 * @property seesEarlyAnswers whether an answer that comes while the request is still being sent is read
 * @property heldStreams how many streams are opened at once
 * @property readsUnframedBodies whether a body that neither a length nor chunks nor `Connection: close` announces is read;
 *   if not, it is a `ConnectionException` that is not repeated
 */
public class TransportTraits @JvmOverloads constructor(
    public val reusesConnections: Boolean = true,
    public val skipsInterimAnswers: Boolean = true,
    public val seesMissingLastChunk: Boolean = true,
    public val takesLongHeaderLines: Boolean = true,
    public val noticesMissingTls: Boolean = true,
    public val seesEarlyAnswers: Boolean = true,
    public val heldStreams: Int = 1000,
    public val readsUnframedBodies: Boolean = true,
) {
    public companion object {
        /** Nothing is left out. */
        @JvmField
        public val FULL: TransportTraits = TransportTraits()
    }
}
