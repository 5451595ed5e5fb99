package io.kompletion.benchmarks.faults

import java.io.File

/**
 * One library in one column of the table, in a JVM of its own.
 *
 * @property title the heading of its column
 * @property classPath what its JVM is started with
 * @property command its main class and arguments
 */
internal class Subject(val title: String, val version: String, val classPath: String, val command: List<String>) {
    override fun toString(): String = title

    companion object {
        private const val PEERS = "io.kompletion.benchmarks.peer"
        private const val OURS = "io.kompletion.benchmarks.faults"

        /** The libraries that speak [protocol], this one first. [peers] is the folder of the others' modules. */
        fun all(protocol: String, peers: File): List<Subject> = ours(protocol) + listOfNotNull(
            peer(peers, "openai-java", "openai-java", "OpenAiJavaPeer").takeIf { protocol == "openai" },
            peer(peers, "anthropic-java", "anthropic-java", "AnthropicJavaPeer").takeIf { protocol == "anthropic" },
            peer(peers, "langchain4j", "langchain4j-core", "LangChain4jPeer", protocol),
            peer(peers, "koog", "http-client-ktor-jvm", "KoogPeerKt", protocol),
        )

        private fun ours(protocol: String): List<Subject> = listOf("KotlinFace" to "Kotlin", "JavaFace" to "Java")
            .flatMap { (main, language) ->
                listOf("cio" to "CIO", "okhttp" to "OkHttp").map { (transport, name) ->
                    val command = listOf("$OURS.$main", transport, protocol)
                    Subject("$language, $name", "", System.getProperty("java.class.path"), command)
                }
            }

        private fun peer(
            peers: File,
            module: String,
            artifact: String,
            main: String,
            vararg arguments: String,
        ): Subject {
            val target = peers.resolve("$module/target")
            val jars = target.resolve("class-path.txt").readText().trim()
            val version = checkNotNull(Regex("/$artifact/([^/]+)/").find(jars)) { "no $artifact among $jars" }
            val classPath = "${target.resolve("classes")}${File.pathSeparator}$jars"
            return Subject(
                TITLES.getValue(module),
                version.groupValues[1],
                classPath,
                listOf("$PEERS.$main", *arguments),
            )
        }

        private val TITLES = mapOf(
            "openai-java" to "openai-java",
            "anthropic-java" to "anthropic-java",
            "langchain4j" to "LangChain4j",
            "koog" to "Koog",
        )
    }
}
