package io.kompletion.okhttp

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.list
import io.kotest.property.arbitrary.pair
import io.kotest.property.checkAll
import okio.Buffer

class ByteQueueTest :
    FunSpec({
        val blocks = ByteQueue.Blocks()

        test("gives back what was added, in order, however adding and taking alternate") {
            val steps = Arb.list(Arb.pair(Arb.int(0..9000), Arb.int(1..9000)), 0..30)
            checkAll(300, steps) { sizes ->
                val queue = ByteQueue(blocks)
                var written = 0
                var read = 0
                val into = ByteArray(9005)
                for ((add, take) in sizes) {
                    queue.add(Buffer().write(ByteArray(add) { (written + it).toByte() }))
                    written += add
                    val count = queue.take(into, 5, take)
                    count shouldBe minOf(take, written - read)
                    for (i in 0 until count) into[5 + i] shouldBe (read + i).toByte()
                    read += count
                    queue.size shouldBe written - read
                }
            }
        }
    })
