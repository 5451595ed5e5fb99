package io.kompletion.fuzz

internal val SCHEMAS = listOf(
    """{"type":"object","properties":{"a":{"type":"string","minLength":1,"format":"date"},"b":{"type":["integer","null"]}},""" +
        """"required":["a"],"additionalProperties":false}""",
    """{"type":"object","properties":{"n":{"${'$'}ref":"#/${'$'}defs/N"}},"${'$'}defs":{"N":{"anyOf":[{"type":"null"},{"type":"number"}]}}}""",
    """{"${'$'}ref":"#/${'$'}defs/N","${'$'}defs":{"N":{"type":"object","properties":{"next":{"${'$'}ref":"#/${'$'}defs/N"}}}}}""",
    """{"allOf":[{"type":"object","properties":{"a":{"const":1}}},{"required":["a"],"description":"d"}]}""",
    """{"type":"array","prefixItems":[{"enum":["x","y",null]},{"oneOf":[{"type":"boolean"},{"type":"STRING","nullable":true}]}],"minItems":2}""",
    """{"type":"object","additionalProperties":{"type":"number","exclusiveMinimum":0},"patternProperties":{"^a":{}},"x-y":1}""",
)

internal val CONVERSATIONS = listOf(
    """[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi","cache_breakpoint":{"ttl":"5m"}},""" +
        """{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":{"a":1}},""" +
        """"index":0,"thought_signature":"c2ln"}]},{"role":"tool","tool_call_id":"c1","content":{"ok":true},"name":"f"}]""",
    """[{"role":"user","content":[{"type":"text","text":"What?"},{"type":"image_url","image_url":{"url":"https://a.b/c.png","detail":"low"}},""" +
        """{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}},{"type":"file","file":{"file_id":"f1"}}]}]""",
    """[{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"abc="},{"type":"text","text":"x"},{"type":"refusal","refusal":"no"}],""" +
        """"refusal":null,"extra":1.50},{"role":"developer","content":"d"},{"role":"function","name":"g","content":"r"}]""",
)

internal val REQUESTS = listOf(
    """{"model":"openai/gpt-4o","messages":${CONVERSATIONS[0]},"temperature":0.5,"max_tokens":10,"stop":["a"],"n":2,"stream":true,""" +
        """"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":${SCHEMAS[0]},"strict":true}}],"tool_choice":"auto"}""",
    """{"model":"claude-sonnet-4-5","messages":${CONVERSATIONS[1]},"provider":"anthropic","reasoning_effort":"low","timeout":1.5,""" +
        """"response_format":{"type":"json_schema","json_schema":{"name":"s","schema":${SCHEMAS[1]}}},"metadata":{"a":"b"}}""",
    """{"model":"gemini-2.5-flash","messages":${CONVERSATIONS[2]},"provider_kwargs":{"top_k":3},"fallbacks":["openai/gpt-4o",{"model":"m"}],""" +
        """"retry":{"max_retries":1},"extra_body":{"z":[1,2.0e3]},"logit_bias":{"1":5},"seed":7,"cache_control":{"type":"ephemeral"}}""",
    """{"model":"gpt-5","messages":[{"role":"user","content":"x"}],"stream_options":{"stream_sentences":true,"include_usage":true},""" +
        """"tool_choice":{"type":"function","function":{"name":"f"}},"modalities":["text","audio"],"audio":{"voice":"a","format":"mp3"}}""",
)
