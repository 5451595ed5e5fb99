package io.kompletion.testkit.fault

/**
 * One thing that can go wrong between a client and a provider: what the server does, and how the call has to end.
 *
 * [all] has every one of them; [FaultServer] carries them out. Immutable.
 *
 * @property number the fault's number; variants of one fault share it
 * @property id number and letter of the variant, e.g. `22b`
 * @property name short name, e.g. `bare-cr`
 * @property does what the server does, in a few words
 * @property call what the client has to do so that it shows
 * @property deviations transports that end otherwise, each with the reason
 */
public class Fault internal constructor(
    public val number: Int,
    private val variant: String,
    public val name: String,
    public val does: String,
    public val call: FaultCall,
    public val deviations: List<FaultDeviation>,
    private val expected: (Recording) -> ExpectedOutcome,
    private val absent: String?,
    private val needs: (Recording) -> String?,
    private val framings: Set<StreamFraming>,
    private val plan: (Recording) -> FaultPlan,
) {
    public val id: String = "$number$variant"

    /** How a call has to end on the transport [transport] (its name, e.g. `okhttp`) with the protocol of [recording]. */
    public fun expected(recording: Recording, transport: String): ExpectedOutcome =
        deviations.firstOrNull { it.transport == transport }?.expected ?: expected(recording)

    /**
     * Why the fault cannot occur with the protocol of [recording]; null when it can.
     *
     * @throws IllegalStateException when the recording neither shows the form that is needed nor says why there is none
     */
    public fun notApplicable(recording: Recording): String? {
        val reason = absent ?: recording.reasonAgainst(id) ?: reasonOfFraming(recording)
        val file = needs(recording)
        check(reason != null || file == null || recording.hasCase(file)) {
            "recordings/${recording.name}: add cases/$file, or say under \"not_applicable\" why there is no $id"
        }
        return reason
    }

    private fun reasonOfFraming(recording: Recording): String? {
        if (recording.framing in framings) return null
        return "it is about ${framings.joinToString(" and ") { it.word }}, not ${recording.framing.word}"
    }

    /** The same fault where streams are of one of [framings], and not applicable elsewhere. */
    internal fun of(framings: Set<StreamFraming>): Fault =
        Fault(number, variant, name, does, call, deviations, expected, absent, needs, framings, plan)

    internal fun planFor(recording: Recording): FaultPlan {
        notApplicable(recording)?.let { throw IllegalArgumentException("$this cannot occur with $recording: $it") }
        return plan(recording)
    }

    /** E.g. `22b bare-cr`. */
    override fun toString(): String = "$id $name"

    public companion object {
        /** How many requests the client of [FaultServer.configure] makes before it gives up. */
        public const val TRIES: Int = 3

        private val ALL: List<Fault> by lazy {
            (
                CONTROLS + CONNECTION_FAULTS + TLS_FAULTS + SILENCE_FAULTS + END_FAULTS + BYTE_FAULTS + ERROR_FAULTS +
                    FORM_FAULTS + GRAMMAR_FAULTS + TOOL_FAULTS + ANSWER_FAULTS + SIZE_FAULTS + RETRY_FAULTS +
                    REDIRECT_FAULTS + HTTP_FAULTS + TOKEN_FAULTS + FRAME_FAULTS + LINE_FAULTS +
                    ABSENT_FAULTS
                ).sortedBy { it.number }
        }

        /** Every fault by number; number 0 is no fault but the undamaged answers, the controls of the others. */
        @JvmStatic
        public fun all(): List<Fault> = ALL

        /**
         * The fault with this [name] or id, e.g. `bare-cr` or `22b`.
         *
         * @throws IllegalArgumentException when there is none
         */
        @JvmStatic
        public fun named(name: String): Fault =
            requireNotNull(ALL.firstOrNull { it.name == name || it.id == name }) { "No fault \"$name\"" }

        /**
         * Two or more damages on one answer, chosen by [seed]: the same seed is the same fault for ever. Whatever they
         * are, the call ends with the recorded text or a typed exception.
         */
        @JvmStatic
        public fun random(seed: Long): Fault = RandomFaults.fault(seed)
    }
}
