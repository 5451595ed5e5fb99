package io.kompletion.samples

/** What the command line asked for; null means that nothing was said. */
class MainOptions(val model: String?, val baseUrl: String?, val fake: Boolean, val help: Boolean) {
    companion object {
        /** @throws UsageException when [args] make no sense */
        fun parse(args: List<String>): MainOptions {
            var model: String? = null
            var baseUrl: String? = null
            var fake = false
            var help = false
            val rest = ArrayDeque(args)
            while (rest.isNotEmpty()) {
                when (val flag = rest.removeFirst()) {
                    "--model" -> model = rest.removeFirstOrNull() ?: throw UsageException("--model needs a value")

                    "--base-url" ->
                        baseUrl =
                            rest.removeFirstOrNull() ?: throw UsageException("--base-url needs a value")

                    "--fake" -> fake = true

                    "--help", "-h" -> help = true

                    else -> throw UsageException("unknown argument \"$flag\"")
                }
            }
            if (fake && baseUrl != null) throw UsageException("--fake and --base-url exclude each other")
            if (baseUrl != null && model == null) throw UsageException("--base-url needs --model provider/model")
            return MainOptions(model, baseUrl, fake, help)
        }

        val HELP: String = """
            A streamed chat with a tool call and a structured answer.

              --model provider/model   a real model, e.g. openai/gpt-5-mini; its key comes from the environment
              --base-url URL           a server that speaks OpenAI's protocol, e.g. http://localhost:11434/v1
                                       (its key, if it wants one, in <PROVIDER>_API_KEY)
              --fake                   the fake on this machine, even when there is a key
              --help                   this text

            Without arguments: OpenAI when OPENAI_API_KEY is set, else the fake, which needs neither key nor network.
            Exit codes: 0, 1 when the call failed, 2 when the arguments make no sense.
        """.trimIndent()
    }
}

class UsageException(override val message: String) : Exception(message)
