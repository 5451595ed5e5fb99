package io.kompletion.samples

import java.io.ByteArrayOutputStream
import java.io.PrintStream

/** What [block] prints to standard output and standard error. */
internal suspend fun printed(block: suspend () -> Unit): String {
    val out = System.out
    val err = System.err
    val bytes = ByteArrayOutputStream()
    val stream = PrintStream(bytes, true, Charsets.UTF_8)
    System.setOut(stream)
    System.setErr(stream)
    try {
        block()
    } finally {
        System.setOut(out)
        System.setErr(err)
    }
    return bytes.toString(Charsets.UTF_8).replace(System.lineSeparator(), "\n").trimEnd()
}
