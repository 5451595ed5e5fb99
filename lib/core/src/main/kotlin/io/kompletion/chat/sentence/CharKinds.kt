package io.kompletion.chat.sentence

private const val CLOSERS = "\"'”’)]}»›」』】）》〉］｝〕"
private const val OPENERS = "\"'“‘„‚([{«‹「『【（《〈［｛〔¿¡"
private const val CJK_STOPS = "。！？｡．"
private const val OTHER_STOPS = "।॥؟۔։።፧၊။៕᠃᠉"
private const val SPACES = " \t\r\u00A0\u3000\u202F\u2009\u200A\u2002\u2003"
private const val DIRECTION_MARKS = "\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\u061C"

internal fun isCloser(c: Char): Boolean = c in CLOSERS

internal fun isOpener(c: Char): Boolean = c in OPENERS

/** Stops of scripts that need no space after a sentence. */
internal fun isCjkStop(c: Char): Boolean = c in CJK_STOPS

internal fun isOtherStop(c: Char): Boolean = c in OTHER_STOPS

internal fun isDots(c: Char): Boolean = c == '.' || c == '…'

/** A space within a line. */
internal fun isSpace(c: Char): Boolean = c in SPACES || c in DIRECTION_MARKS

internal fun isBlank(c: Char): Boolean = isSpace(c) || c == '\n'

internal fun isEmphasisMark(c: Char): Boolean = c == '*' || c == '_' || c == '`' || c == '~'

internal fun isBullet(c: Char): Boolean = c == '-' || c == '*' || c == '+' || isRoundBullet(c)

/** Bullets that are never anything else. */
internal fun isRoundBullet(c: Char): Boolean = c in "•◦▪▫‣⁃●○■□◆▶►➤"

internal fun isHangul(c: Char): Boolean = c in '\uAC00'..'\uD7A3' || c in '\u1100'..'\u11FF' || c in '\u3130'..'\u318F'

internal fun isKana(c: Char): Boolean = c in '\u3040'..'\u30FF' || c in '\u31F0'..'\u31FF' || c in '\uFF66'..'\uFF9F'

internal fun isHan(c: Char): Boolean =
    c in '\u4E00'..'\u9FFF' || c in '\u3400'..'\u4DBF' || c in '\uF900'..'\uFAFF' || c in '\uD840'..'\uD888' || c == '々'

/** Scripts that are written without spaces between words. */
internal fun isIdeographic(c: Char): Boolean = isKana(c) || isHan(c)

/** Characters that count twice in a length. */
internal fun isWide(c: Char): Boolean =
    isKana(c) || isHan(c) || isHangul(c) || c in '\u3001'..'\u303F' || c in '\uFF01'..'\uFF5E'

internal fun isCased(c: Char): Boolean = c.isUpperCase() || c.isLowerCase()

internal fun isWordPart(c: Char): Boolean = c.isLetterOrDigit() || c == '\'' || c == '’' || c == '-'

internal fun isAsciiLetter(c: Char): Boolean = c in 'a'..'z' || c in 'A'..'Z'

/** How much [text] weighs: ideographs, kana and Hangul as two, low surrogates and combining marks as nothing. */
internal fun weightOf(text: CharSequence): Int {
    var weight = 0
    for (c in text) weight += weightOf(c)
    return weight
}

internal fun weightOf(c: Char): Int = when {
    c < '\u0300' -> 1
    isWide(c) -> 2
    c.isLowSurrogate() || c == '\u200D' || c in '\uFE00'..'\uFE0F' || c in '\u0300'..'\u036F' -> 0
    else -> 1
}
