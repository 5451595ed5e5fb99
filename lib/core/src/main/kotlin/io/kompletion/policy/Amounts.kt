@file:JvmName("Amounts")

package io.kompletion.policy

import java.math.BigDecimal

/** So many US dollars, for [Budget]. */
@get:JvmSynthetic
public val Int.usd: BigDecimal get() = BigDecimal(this)

/** So many US dollars, for [Budget]: the shortest decimal that this number is written as. */
@get:JvmSynthetic
public val Double.usd: BigDecimal get() = BigDecimal.valueOf(this)
