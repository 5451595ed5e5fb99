@file:JvmName("ToolContract")

package io.kompletion.testkit.contract

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.FinishReason
import io.kompletion.chat.IncompleteToolCallPart
import io.kompletion.chat.ToolCallChunk
import io.kompletion.chat.ToolChoice
import io.kompletion.chat.ToolDefinition
import io.kompletion.chat.ToolResultMessage
import io.kompletion.testkit.FakeReply
import io.kotest.assertions.withClue
import io.kotest.core.factory.TestFactory
import io.kotest.core.spec.style.funSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.flow.last
import kotlinx.coroutines.flow.toList

private val weather = ToolDefinition.function(
    "get_weather",
    "The weather in a city",
    """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""",
)

/** Tools: definitions go out, calls come in whole, results go back. */
public fun toolContract(target: ContractTarget): TestFactory = funSpec {
    contract(target, "a call comes with its name and arguments, streamed and whole") {
        val reply = FakeReply.toolCall("get_weather", "{\"city\":\"Paris\"}", "call_1")
        fake.enqueue(reply, reply)
        val asked = request {
            user("Weather in Paris?")
            tool(weather)
        }
        val whole = client.chat(asked)
        val streamed = client.chatStream(asked).toList()
        whole.finishReason shouldBe FinishReason.TOOL_CALLS
        whole.toolCalls.single().name shouldBe "get_weather"
        whole.toolCalls.single().function.arguments["city"].toString() shouldBe "\"Paris\""
        meaning(streamed.filterIsInstance<ToolCallChunk>().single().toolCall) shouldBe meaning(whole.toolCalls.single())
        fake.lastRequest.toolNames shouldBe listOf("get_weather")
    }

    contract(target, "several calls of one turn keep their order and their ids apart") {
        val reply = FakeReply.toolCall("get_weather", "{\"city\":\"Paris\"}", "call_1")
            .thenToolCall("get_weather", "{\"city\":\"Rome\"}", "call_2")
        fake.enqueue(reply, reply)
        val asked = request {
            user("Weather in Paris and Rome?")
            tool(weather)
            parallelToolCalls = true
        }
        for (calls in listOf(
            client.chat(asked).toolCalls,
            (client.chatStream(asked).last() as FinalResponseChunk).response.toolCalls,
        )) {
            val ids = calls.map { it.id }
            if (target.givesCallIds) ids shouldBe listOf("call_1", "call_2")
            ids.filter { it.isNotEmpty() }.distinct() shouldHaveSize 2
            calls.map { it.function.rawArguments.substringAfter(":\"").substringBefore('"') } shouldBe
                listOf("Paris", "Rome")
        }
    }

    contract(target, "no arguments are an empty object") {
        fake.enqueue(FakeReply.toolCall("ping", "", "call_1"), FakeReply.toolCall("ping", "", "call_1"))
        val asked = request {
            user("Ping")
            tool(ToolDefinition.function("ping", "Pings", parameters = null))
        }
        client.chat(asked).toolCalls.single().function.rawArguments shouldBe "{}"
        (client.chatStream(asked).last() as FinalResponseChunk).response.toolCalls.single().function.arguments shouldBe
            emptyMap()
    }

    contract(target, "a call that the token limit cut off is reported and not handed out") {
        val reply = FakeReply.toolCall("get_weather", "{\"city\":\"Par", "call_1").finishReason("length")
        fake.enqueue(reply, reply)
        val asked = request {
            user("Weather in Paris?")
            tool(weather)
        }
        val chunks = client.chatStream(asked).toList()
        chunks.filterIsInstance<ToolCallChunk>().shouldBeEmpty()
        for (answer in listOf(client.chat(asked), (chunks.last() as FinalResponseChunk).response)) {
            answer.toolCalls.shouldBeEmpty()
            answer.finishReason shouldBe FinishReason.LENGTH
            answer.message.parts.filterIsInstance<IncompleteToolCallPart>() shouldHaveSize 1
            answer.warnings.single().message shouldContain "cut off"
        }
    }

    contract(target, "the answer goes back with the result and the model goes on") {
        fake.enqueue(FakeReply.toolCall("get_weather", "{\"city\":\"Paris\"}", "call_1"), FakeReply.text("Sunny."))
        val first = client.chat(
            request {
                user("Weather in Paris?")
                tool(weather)
            },
        )
        val answer: AssistantMessage = first.message
        val id = first.toolCalls.single().id
        if (target.givesCallIds) id shouldBe "call_1"
        val second = client.chat(
            request {
                user("Weather in Paris?")
                message(answer)
                message(ToolResultMessage.of(id, "21 degrees"))
                tool(weather)
            },
        )
        second.content shouldBe "Sunny."
        withClue(fake.lastRequest.bodyText) { fake.lastRequest.toolResults.single().content shouldContain "21 degrees" }
        fake.lastRequest.toolResults.single().toolName shouldBe "get_weather"
        if (target.givesCallIds) fake.lastRequest.toolResults.single().callId shouldBe "call_1"
    }

    for (choice in listOf(ToolChoice.NONE, ToolChoice.AUTO, ToolChoice.REQUIRED, ToolChoice.named("get_weather"))) {
        contract(target, "tool choice $choice reaches the provider, or a warning says what became of it") {
            fake.enqueue(FakeReply.text("ok"))
            val answer = client.chat(
                request {
                    user("Hi")
                    tool(weather)
                    toolChoice = choice
                },
            )
            answer.content shouldBe "ok"
            val isReported = answer.warnings.any { it.parameter == "tool_choice" }
            withClue("${fake.lastRequest.bodyText} ${answer.warnings}") {
                (fake.lastRequest.toolChoice == choice) shouldBe !isReported
            }
        }
    }
}
