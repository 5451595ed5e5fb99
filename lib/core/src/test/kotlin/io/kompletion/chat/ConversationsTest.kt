package io.kompletion.chat

import io.kompletion.error.InvalidRequestException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class ConversationsTest : FunSpec({
    test("a conversation with everything comes back as it was") {
        val messages = everything().messages
        deserializeConversation(serializeConversation(messages)) shouldBe messages
    }

    test("the dictionaries of a voice client are read and written in their shape") {
        val json = """[{"role":"system","content":"Be brief."},{"role":"user","content":"Order 1234?","cache_breakpoint":{"ttl":"5m"}},""" +
            """{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"lookup","arguments":{"id":"1234"}},""" +
            """"index":0,"thought_signature":"c2ln"}]},{"role":"tool","tool_call_id":"c1","content":{"status":"sent"},"name":"lookup"},""" +
            """{"role":"assistant","content":"It was sent."}]"""
        val messages = deserializeConversation(json)
        messages.map { it.role } shouldBe listOf("system", "user", "assistant", "tool", "assistant")
        (messages[2] as AssistantMessage).toolCalls.single().thoughtSignature shouldBe "c2ln"
        kotlinx.serialization.json.Json.parseToJsonElement(serializeConversation(messages)) shouldBe
            kotlinx.serialization.json.Json.parseToJsonElement(json)
    }

    context("what is no conversation is refused with its place") {
        for ((json, words) in listOf(
            "{}" to "must be a JSON array",
            "[" to "is no JSON",
            """[{"role":"user","content":"a"},{"role":"wizard","content":"b"}]""" to "messages[1]: unknown message role \"wizard\"",
            """[{"content":"a"}]""" to "messages[0]: a message has no \"role\"",
            """["hello"]""" to "messages[0]: a message must be an object",
            """[{"role":"tool","content":"a"}]""" to "messages[0]: a message of role \"tool\" has no \"tool_call_id\"",
            """[{"role":"user","content":[{"type":"text"}]}]""" to "has no \"text\"",
            "[".repeat(10_000) to "is no JSON",
        )) {
            test(json.take(40)) {
                shouldThrow<InvalidRequestException> { deserializeConversation(json) }.message.orEmpty() shouldContain words
            }
        }
    }
})
