package io.kompletion.redis

import redis.embedded.RedisServer
import java.net.InetAddress
import java.net.ServerSocket
import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration

/**
 * A Redis server of this machine for one test class, on a free port, with a folder of its own that is gone at the end.
 *
 * @param keepsData whether it writes what it is told, so that it is there again after [start]
 */
internal class TestRedis(private val keepsData: Boolean = false) : AutoCloseable {
    private val port = ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { it.localPort }
    private val folder: Path = Files.createTempDirectory("kompletion-redis")
    private var server: RedisServer? = null

    val uri: String get() = "redis://127.0.0.1:$port"

    /** For tests that are not about time: a JVM that has just begun needs a while for its first connection. */
    val patient: RedisStateOptions
        get() = RedisStateOptions.builder().uri(uri).commandTimeout(Duration.ofSeconds(20)).build()

    init {
        start()
    }

    fun start() {
        val builder = RedisServer.newRedisServer().port(port).bind("127.0.0.1")
            .setting("dir $folder")
            .setting("save \"\"")
        if (keepsData) builder.setting("appendonly yes").setting("appendfsync always")
        server = builder.build().also { it.start() }
    }

    fun stop() {
        server?.stop()
        server = null
    }

    override fun close() {
        stop()
        folder.toFile().deleteRecursively()
    }
}
