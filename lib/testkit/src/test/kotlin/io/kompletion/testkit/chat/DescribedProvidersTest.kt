package io.kompletion.testkit.chat

import io.kompletion.Kompletion
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.checks.repositoryRoot
import io.kompletion.error.AuthenticationException
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.openai.FakeOpenAi
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.flow.last
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import java.io.File

/** Every provider that is data answers, streams, calls tools and reports errors under its own name and key. */
class DescribedProvidersTest : FunSpec({
    val file = File(repositoryRoot(), "lib/core/src/main/resources/io/kompletion/providers.json")
    val rows = Json.parseToJsonElement(file.readText()).jsonArray.map { it.jsonObject }

    for (row in rows.filter { "path" !in it && row(it, "auth").let { auth -> auth == null || auth == "none" } }) {
        val id = checkNotNull(row(row, "id"))
        test("$id answers") {
            FakeOpenAi.start().use { fake ->
                fake.requireApiKey("key-of-$id")
                Kompletion {
                    environment(emptyMap())
                    retry { enabled = false }
                    provider(id) { apiKey("key-of-$id").baseUrl(fake.baseUrl) }
                }.use { llm ->
                    fake.enqueue(FakeReply.text("Whole"), FakeReply.text("Streamed"), FakeReply.toolCall("look", "{\"a\":1}"))
                    val request = ChatCompletionRequest("$id/some-model") { user("Hello") }
                    llm.chat(request).let { it.content to it.provider } shouldBe ("Whole" to id)
                    (llm.chatStream(request).last() as FinalResponseChunk).response.content shouldBe "Streamed"
                    val tool = request.toBuilder().tool("look", null, """{"type":"object","properties":{}}""").build()
                    llm.chat(tool).toolCalls.single().name shouldBe "look"
                    fake.requests shouldHaveSize 3
                    val wrong = request.toBuilder().apiKey("wrong").build()
                    shouldThrow<AuthenticationException> { llm.chat(wrong) }.provider shouldBe id
                }
            }
        }
    }
})

private fun row(row: JsonObject, name: String): String? = (row[name] as? JsonPrimitive)?.content
