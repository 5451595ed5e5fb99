package io.kompletion.policy

import java.math.BigDecimal
import java.time.Duration

/**
 * What may be spent, in US dollars, in all and for each model, provider, key, user and tenant. A client may have several
 * budgets with windows of their own; a call must fit into all of them.
 *
 * With [Enforcement.HARD] the most that a try can cost is set aside before it is sent, and what it did cost is charged when
 * it ends: no limit is ever passed, however many calls run at once. The most is the price of the longest input that its
 * text can be, and of the longest output that `max_tokens` or the model allows; so a call without `max_tokens` sets aside a
 * lot. A try that has no room fails with a `BudgetExceededException`, and the next fallback is asked, which may be cheaper.
 * With [Enforcement.SOFT] nothing is refused: the answer that passes a limit has a warning, and listeners get a
 * `CallEvent.BudgetExceeded`.
 *
 * What is charged: the cost of an answer. An answer that broke off or was cancelled is charged by [whenBroken]. An answer
 * without usage, whose cost is therefore not known, is charged what was set aside. Answers from the cache cost nothing.
 *
 * Amounts are counted in billionths of a dollar. In memory they are lost with the process; `sharedState` keeps them.
 *
 * Immutable, and safe to share.
 *
 * @property name tells the budgets of a client apart, and is the same in every process that shares one
 * @property global limit for everything; null sets none
 * @property perModel limit for each model; null sets none
 * @property perProvider limit for each provider; null sets none
 * @property perKey limit for each key; null sets none
 * @property perUser limit for each `user` of requests; null sets none
 * @property perTenant limit for each `tenant` of requests; null sets none
 * @property models limits of single models, as `provider/model`, in the place of [perModel]
 * @property users limits of single users in the place of [perUser]
 * @property tenants limits of single tenants in the place of [perTenant]
 * @property window after which all of it starts anew, at multiples of its length since 1970 in UTC; null never
 * @property enforcement whether calls are refused; they are unless set
 * @property unknownPrice what happens to a call whose price, or most tokens, nobody knows; null rejects it with a
 *   hard budget, and warns with a soft one
 * @property whenBroken what an answer is charged that broke off or was cancelled without a usage
 * @property whenUnavailable what happens while shared state does not answer; null refuses calls with a hard
 *   budget, and lets them through with a soft one
 */
public class Budget private constructor(builder: Builder) {
    public val name: String = builder.name
    public val global: BigDecimal? = builder.global
    public val perModel: BigDecimal? = builder.perModel
    public val perProvider: BigDecimal? = builder.perProvider
    public val perKey: BigDecimal? = builder.perKey
    public val perUser: BigDecimal? = builder.perUser
    public val perTenant: BigDecimal? = builder.perTenant
    public val models: Map<String, BigDecimal> = builder.models.toMap()
    public val users: Map<String, BigDecimal> = builder.users.toMap()
    public val tenants: Map<String, BigDecimal> = builder.tenants.toMap()
    public val window: Duration? = builder.window
    public val enforcement: Enforcement = builder.enforcement
    public val unknownPrice: UnknownPrice? = builder.unknownPrice
    public val whenBroken: WhenBroken = builder.whenBroken
    public val whenUnavailable: WhenUnavailable? = builder.whenUnavailable

    /** What happens to calls that have no room. */
    public enum class Enforcement {
        /** They are refused. */
        HARD,

        /** They go on; a warning and an event say so. */
        SOFT,
    }

    /** What happens to calls whose cost nobody can tell. */
    public enum class UnknownPrice {
        /** They go on and are not counted. */
        ALLOW,

        /** The same, with a warning on the answer. */
        WARN,

        /** They are refused. */
        REJECT,
    }

    /** What an answer is charged that broke off or was cancelled; when it brought a usage, the cost of that. */
    public enum class WhenBroken {
        /** Nothing. */
        NOTHING,

        /** Its input, and of the output what had come, both estimated; nothing when it was never sent. */
        RECEIVED,

        /** All that was set aside, when it was sent. */
        RESERVED,
    }

    public fun toBuilder(): Builder = Builder()
        .name(name)
        .global(global)
        .perModel(perModel)
        .perProvider(perProvider)
        .perKey(perKey)
        .perUser(perUser)
        .perTenant(perTenant)
        .models(models)
        .users(users)
        .tenants(tenants)
        .window(window)
        .enforcement(enforcement)
        .unknownPrice(unknownPrice)
        .whenBroken(whenBroken)
        .whenUnavailable(whenUnavailable)

    override fun toString(): String =
        "Budget(name=$name, global=$global, perModel=$perModel, perProvider=$perProvider, " +
            "perKey=$perKey, perUser=$perUser, perTenant=$perTenant, models=$models, " +
            "users=$users, tenants=$tenants, window=$window, enforcement=$enforcement, " +
            "unknownPrice=$unknownPrice, whenBroken=$whenBroken, " +
            "whenUnavailable=$whenUnavailable)"

    /** Collects a [Budget]; starts with the defaults. */
    public class Builder internal constructor() {
        /** `default` unless set; of several budgets every one needs a name of its own. */
        @get:JvmSynthetic @set:JvmSynthetic public var name: String = "default"

        @get:JvmSynthetic @set:JvmSynthetic public var global: BigDecimal? = null

        @get:JvmSynthetic @set:JvmSynthetic public var perModel: BigDecimal? = null

        @get:JvmSynthetic @set:JvmSynthetic public var perProvider: BigDecimal? = null

        @get:JvmSynthetic @set:JvmSynthetic public var perKey: BigDecimal? = null

        @get:JvmSynthetic @set:JvmSynthetic public var perUser: BigDecimal? = null

        @get:JvmSynthetic @set:JvmSynthetic public var perTenant: BigDecimal? = null

        @get:JvmSynthetic @set:JvmSynthetic public var models: Map<String, BigDecimal> = emptyMap()

        @get:JvmSynthetic @set:JvmSynthetic public var users: Map<String, BigDecimal> = emptyMap()

        @get:JvmSynthetic @set:JvmSynthetic public var tenants: Map<String, BigDecimal> = emptyMap()

        @get:JvmSynthetic @set:JvmSynthetic public var window: Duration? = null

        /** [Enforcement.HARD] unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var enforcement: Enforcement = Enforcement.HARD

        @get:JvmSynthetic @set:JvmSynthetic public var unknownPrice: UnknownPrice? = null

        /** [WhenBroken.RECEIVED] unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var whenBroken: WhenBroken = WhenBroken.RECEIVED

        @get:JvmSynthetic @set:JvmSynthetic public var whenUnavailable: WhenUnavailable? = null

        public fun name(value: String): Builder = apply { name = value }

        public fun global(value: BigDecimal?): Builder = apply { global = value }

        public fun perModel(value: BigDecimal?): Builder = apply { perModel = value }

        public fun perProvider(value: BigDecimal?): Builder = apply { perProvider = value }

        public fun perKey(value: BigDecimal?): Builder = apply { perKey = value }

        public fun perUser(value: BigDecimal?): Builder = apply { perUser = value }

        public fun perTenant(value: BigDecimal?): Builder = apply { perTenant = value }

        public fun models(value: Map<String, BigDecimal>): Builder = apply { models = value }

        public fun users(value: Map<String, BigDecimal>): Builder = apply { users = value }

        public fun tenants(value: Map<String, BigDecimal>): Builder = apply { tenants = value }

        public fun window(value: Duration?): Builder = apply { window = value }

        public fun enforcement(value: Enforcement): Builder = apply { enforcement = value }

        public fun unknownPrice(value: UnknownPrice?): Builder = apply { unknownPrice = value }

        public fun whenBroken(value: WhenBroken): Builder = apply { whenBroken = value }

        public fun whenUnavailable(value: WhenUnavailable?): Builder = apply { whenUnavailable = value }

        /** The limit of one model, `provider/model`. */
        public fun model(name: String, limit: BigDecimal): Builder = apply { models = models + (name to limit) }

        /** The limit of one user. */
        public fun user(name: String, limit: BigDecimal): Builder = apply { users = users + (name to limit) }

        /** The limit of one tenant. */
        public fun tenant(name: String, limit: BigDecimal): Builder = apply { tenants = tenants + (name to limit) }

        /** @throws IllegalArgumentException when a value cannot work; it says which */
        public fun build(): Budget {
            require(name.isNotBlank()) { "a budget needs a name" }
            val limits = listOf(
                "global" to global,
                "perModel" to perModel,
                "perProvider" to perProvider,
                "perKey" to perKey,
                "perUser" to perUser,
                "perTenant" to perTenant,
            ) + (models + users + tenants).toList()
            for ((where, limit) in limits) {
                require(limit == null || (limit.signum() >= 0 && limit <= MOST)) {
                    "the limit of $where must be in 0..$MOST dollars, got $limit"
                }
            }
            require(limits.any { it.second != null }) { "budget \"$name\" has no limit" }
            models.keys.firstOrNull { '/' !in it }?.let { name ->
                throw IllegalArgumentException("models must be named \"provider/model\", got \"$name\"")
            }
            window?.let { Values.positive("window", it) }
            return Budget(this)
        }
    }

    public companion object {
        /** What fits into the sums of every store. */
        private val MOST = BigDecimal(1_000_000)

        @JvmStatic
        public fun builder(): Builder = Builder()
    }
}
