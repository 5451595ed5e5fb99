package io.kompletion.fuzz

import io.kompletion.Kompletion
import io.kompletion.error.ConfigurationException

/** Any text is a configuration, or a `ConfigurationException` in which nothing of a key stands. */
internal object ConfigurationFuzz : FuzzTarget {
    private const val CANARY = "sk-CANARY"

    override val name = "configuration"

    override fun seeds(): List<ByteArray> = listOf(
        """{"providers":{"acme":{"base_url":"https://h.example/v1","api_key":"$CANARY","auth":{"header":"x-key"},"dialect":"gemini",
            "model_prefixes":["ac-"],"headers":{"x-a":"b"},"options":{"a":[1,null,{"b":true}]},"allow_insecure":false}}}""",
        """{"providers":{"own":{"base_url":"http://localhost:1/v1","api_key_env":["A","B"],"chat_path":"/x","renames":{"max_tokens":"m"},"omit":["seed"]}}}""",
        """{"aliases":{"a":"openai/gpt-5","b":["a",{"model":"groq/m","temperature":0.5,"api_key":"$CANARY"}]}}""",
        """{"retry":{"max_retries":1,"retry_delay":0.5},"timeouts":{"idle":3,"total":null},"proxy":{"url":"http://u:p@h:1","no_proxy":["a"]}}""",
        """{"models":{"version":1,"providers":{"openai":{"m":{"mode":"chat","price":{"input":1,"output":2}}}}}}""",
        """{"rate_limits":[{"rpm":5,"per":"tenant"}],"concurrency_limits":{"max_concurrent":3},"cooldown":true,
            "budgets":{"global":"0.5","models":{"openai/a":1},"window":60,"enforcement":"soft"},"hedge":{"delay":0.5}}""",
        """{"cache":{"ttl":1,"backend":{"scheme":"fs","config":{"password":"$CANARY"}}},"shared_state":{"uri":"redis://u:$CANARY@h:1","prefix":"a"},
            "routers":{"fast":{"strategy":"weighted","sticky":true,"deployments":["openai/a",{"model":"groq/m","api_key":"$CANARY","weight":2}]}}}""",
        "{\"providers\":{\"p\":{\"api_key\":\"\${K:-$CANARY}\",\"base_url\":\"https://\${H}\"}}}",
    ).map { it.encodeToByteArray() }

    override fun around(text: String): List<ByteArray> = listOf(
        text,
        "{\"providers\":{\"p\":{\"options\":$text}}}",
        "{\"aliases\":{\"a\":$text}}",
        "{\"models\":$text}",
        "{\"rate_limits\":$text}",
        "{\"budgets\":{\"global\":$text}}",
        "{\"routers\":{\"r\":{\"deployments\":$text}}}",
    ).map { it.encodeToByteArray() }

    override fun check(data: ByteArray) {
        try {
            Kompletion.builder().environment(mapOf("H" to "h.example")).configuration(data.decodeToString()).build().close()
        } catch (e: ConfigurationException) {
            law(CANARY !in e.message.orEmpty()) { "the key stands in \"${e.message}\"" }
        }
    }
}
