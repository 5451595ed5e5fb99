package io.kompletion.testkit.internal

import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.FakeResponder
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicInteger

/** What a fake of any provider remembers: the replies to give, the requests that came, and who answers else. Thread-safe. */
internal class FakeDialogue {
    private val queue = ConcurrentLinkedQueue<FakeReply>()
    private val log = CopyOnWriteArrayList<FakeRequest>()
    private val answers = AtomicInteger()

    @Volatile
    var responder: FakeResponder = SmallModel

    @Volatile
    var apiKey: String? = null

    val requests: List<FakeRequest> get() = log.toList()
    val queuedReplies: Int get() = queue.size

    fun lastRequest(arrived: Int): FakeRequest = checkNotNull(log.lastOrNull()) {
        "No valid request came; $arrived were refused or are being read"
    }

    fun enqueue(replies: Array<out FakeReply>) {
        queue += replies
    }

    /** The number of the next answer, from 1; refused requests get one too. */
    fun nextNumber(): Int = answers.incrementAndGet()

    /**
     * Logs what [read] makes of a request, given its place in the log, and hands out the queued reply for it. One lock, so
     * that the order of the log is the order in which the queue was used. What [read] throws goes through.
     */
    fun take(read: (index: Int) -> FakeRequest): Turn = synchronized(log) {
        val request = read(log.size)
        log += request
        Turn(request, queue.poll())
    }

    /** A request and the reply that waited for it. */
    inner class Turn(val request: FakeRequest, private val queued: FakeReply?) {
        fun reply(): FakeReply = queued ?: responder.reply(request)
    }
}
