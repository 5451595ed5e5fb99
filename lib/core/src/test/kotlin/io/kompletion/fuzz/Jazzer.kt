package io.kompletion.fuzz

import java.io.File
import java.util.concurrent.TimeUnit

/** Runs Jazzer in a Java of its own, for `-Dkompletion.fuzz.seconds` on each law; what it learns stays in `target/fuzz`. */
internal object Jazzer {
    private val seconds = System.getProperty("kompletion.fuzz.seconds")?.toInt() ?: 0

    val isAsked: Boolean = seconds > 0

    class Finding(val exitCode: Int, val figures: String, val log: File)

    fun run(target: FuzzTarget): Finding {
        val folder = File("target/fuzz/${target.name}").absoluteFile
        val corpus = File(folder, "corpus").apply { mkdirs() }
        target.seeds().forEachIndexed { i, seed -> File(corpus, "seed-$i").writeBytes(seed) }
        val log = File(folder, "log.txt")
        val process = ProcessBuilder(command(target, folder, corpus))
            .redirectErrorStream(true)
            .redirectOutput(log)
            .start()
        if (!process.waitFor(seconds + GRACE_SECONDS, TimeUnit.SECONDS)) process.destroyForcibly().waitFor()
        return Finding(process.exitValue(), figures(target, process.exitValue(), log), log)
    }

    private fun command(target: FuzzTarget, folder: File, corpus: File) = listOf(
        File(System.getProperty("java.home"), "bin/java").path,
        "-Xmx1g",
        "-D${JazzerEntry.TARGET}=${target.name}",
        "-cp",
        System.getProperty("java.class.path"),
        "com.code_intelligence.jazzer.Jazzer",
        "--target_class=${JazzerEntry::class.java.name}",
        "--instrumentation_includes=io.kompletion.**",
        "--reproducer_path=$folder",
        "-artifact_prefix=$folder/",
        "-max_total_time=$seconds",
        "-timeout=$SECONDS_EACH",
        "-max_len=$LONGEST",
        "-rss_limit_mb=0",
        corpus.path,
    )

    /** The last line of figures that the fuzzer wrote: `#123 DONE cov: 45 ft: 67 …`. */
    private fun figures(target: FuzzTarget, exitCode: Int, log: File): String {
        val last = log.readLines().lastOrNull { LINE.containsMatchIn(it) }.orEmpty()
        val (runs, coverage) = LINE.find(last)?.destructured ?: return "fuzz ${target.name}: no figures, see $log"
        val result = if (exitCode == 0) "nothing found" else "FOUND, exit code $exitCode"
        return "fuzz ${target.name}: $runs inputs in $seconds s, $coverage branches reached, $result"
    }

    private val LINE = Regex("""^#(\d+)\s.*cov: (\d+)""")
    private const val GRACE_SECONDS = 120L
    private const val SECONDS_EACH = 10
    private const val LONGEST = 4096
}

/** What Jazzer calls, by this name. */
internal object JazzerEntry {
    const val TARGET = "kompletion.fuzz.target"
    private val target = FuzzTarget.all.first { it.name == System.getProperty(TARGET) }

    @JvmStatic
    fun fuzzerTestOneInput(data: ByteArray) = target.check(data)
}
