package io.kompletion.internal.price

/**
 * One model has many names: with a date, a version, the region it runs in, the path of a cloud's resource, the account
 * that tuned it. What is left without these is its base name.
 */
internal class ModelNames(private val regions: Set<String>) {
    /** [name] without region, resource path, date and version of the offer, in small letters. */
    fun base(name: String): String {
        var left = name.tableKey().substringAfter("models/").substringBefore('@')
        if (left.startsWith(TUNED)) left = TUNED + left.removePrefix(TUNED).substringBefore(':')
        left = withoutRegion(left)
        left = withoutOffer(left)
        while (true) {
            val shorter = withoutDate(left.removeSuffix("-latest"))
            if (shorter == left || shorter.isEmpty()) return left
            left = shorter
        }
    }

    /** The name that a family is known by: the [base] without who made it, as in `anthropic.claude-…` or `openai/gpt-…`. */
    fun family(name: String): String {
        val last = base(name).substringAfterLast('/')
        val maker = last.substringBefore('.', "")
        return if (maker.isNotEmpty() && maker.all(Char::isLetter)) last.substring(maker.length + 1) else last
    }

    private fun withoutRegion(name: String): String =
        if (name.substringBefore('.', "") in regions) name.substringAfter('.') else name

    /** Without Bedrock's `-v1:0`. */
    private fun withoutOffer(name: String): String {
        val colon = name.indexOf(':')
        val from = if (colon < 0) -1 else name.lastIndexOf("-v", colon)
        if (from < 0 || from + 2 == colon) return name
        return if (name.substring(from + 2, colon).all(Char::isDigit)) name.substring(0, from) else name
    }

    /** Without `-20250929`, `-2025-09-29`, `-09-2025`, `-2411` or `-001` at the end. */
    private fun withoutDate(name: String): String {
        for (shape in DATES) {
            val from = name.length - shape.length
            if (from > 0 && shape.indices.all { i -> fits(shape[i], name[from + i]) }) return name.substring(0, from)
        }
        return name
    }

    private fun fits(shape: Char, c: Char) = if (shape == 'n') c in '0'..'9' else c == shape

    private companion object {
        const val TUNED = "ft:"
        val DATES = listOf("-nnnnnnnn", "-nnnn-nn-nn", "-nn-nnnn", "-nnnn", "-00n")
    }
}
