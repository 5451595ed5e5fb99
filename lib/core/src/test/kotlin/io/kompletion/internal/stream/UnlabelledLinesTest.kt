package io.kompletion.internal.stream

import io.kompletion.chat.AssistantMessageDeltaChunk
import io.kompletion.error.StreamInterruptedException
import io.kompletion.error.UnexpectedResponseException
import io.kompletion.providers.ollama.OllamaCodec
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

class UnlabelledLinesTest : FunSpec({
    val codec = OllamaCodec("ollama") { "answer" }

    fun line(text: String, isLast: Boolean = false) =
        "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"$text\"},\"done\":$isLast}"

    class Reading(type: String?) {
        val out = AnswerAssembler("ollama", "m", emits = true)
        val reader = StreamReader(codec, out, type, 1)
        var text = ""

        fun feed(body: String, step: Int = body.length) = apply {
            val bytes = body.encodeToByteArray()
            for (at in bytes.indices step maxOf(1, step)) reader.feed(bytes, at, minOf(bytes.size, at + step))
            text += out.drain().filterIsInstance<AssistantMessageDeltaChunk>().joinToString("") { it.content }
        }
    }

    for (type in listOf("application/json", "text/plain", null)) {
        test("lines called $type are handed out when the next one begins") {
            val reading = Reading(type)
            reading.feed(line("a")).text shouldBe ""
            reading.feed("\n").text shouldBe ""
            reading.feed("{").text shouldBe "a"
            reading.feed(line("b").drop(1) + "\n").text shouldBe "ab"
            reading.feed(line("c", isLast = true)).reader.end()
            reading.feed("").text shouldBe "abc"
        }

        test("it makes no difference where lines called $type are cut, or how they end") {
            for (end in listOf("\n", "\r\n", "\r", "\n\n \n")) {
                val body = listOf(line("a"), line("b"), line("", isLast = true)).joinToString(end) + end
                for (step in 1..body.length) {
                    val reading = Reading(type).feed(body, step)
                    reading.reader.end()
                    reading.text shouldBe "ab"
                }
            }
        }

        test("lines called $type that break off are an interruption, broken ones are no JSON") {
            val cut = Reading(type).feed(line("a") + "\n" + line("b") + "\n")
            shouldThrow<StreamInterruptedException> { cut.reader.end() }
            cut.text shouldBe "ab"
            shouldThrow<UnexpectedResponseException> { Reading(type).feed(line("a") + "\n{\"b\n") }
                .code shouldBe "protocol.json"
        }

        test("one document called $type is one, over many lines or with line ends behind it") {
            for (body in listOf(line("a", isLast = true) + "\n \r\n", line("a", isLast = true).replace(",", ",\n"))) {
                for (step in listOf(1, 7, body.length)) {
                    val reading = Reading(type).feed(body, step)
                    reading.text shouldBe ""
                    reading.reader.end()
                    reading.feed("").text shouldBe "a"
                }
            }
        }
    }
})
