package io.kompletion.internal.cache

import kotlin.math.sqrt

/** A direction; the cosine of two is their product. */
internal class UnitVector private constructor(private val values: FloatArray) {
    /** Null for vectors of different lengths, which no model makes. */
    fun cosine(other: UnitVector): Double? {
        if (values.size != other.values.size) return null
        var sum = 0.0
        for (i in values.indices) sum += values[i].toDouble() * other.values[i]
        return sum
    }

    companion object {
        /** Null when [vector] points nowhere: empty, all zero, or not of numbers. */
        fun of(vector: FloatArray): UnitVector? {
            var squares = 0.0
            for (value in vector) squares += value.toDouble() * value
            val length = sqrt(squares)
            if (!(length > 0) || length.isInfinite()) return null
            return UnitVector(FloatArray(vector.size) { (vector[it] / length).toFloat() })
        }
    }
}
