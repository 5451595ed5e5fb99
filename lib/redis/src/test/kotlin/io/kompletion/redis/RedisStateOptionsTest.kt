package io.kompletion.redis

import io.kompletion.error.ConfigurationException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.time.Duration

class RedisStateOptionsTest : FunSpec({
    fun options(uri: String) = RedisStateOptions.builder().uri(uri).build()

    test("an address has a host, a port, a database, TLS and a password that is not shown") {
        val options = options("rediss://me:canary%40-7f3a@redis.example:7000/3")
        options.toString() shouldBe "RedisStateOptions(address=redis.example:7000, tls=true, database=3, " +
            "prefix=kompletion, commandTimeout=PT1S, ownClient=true)"
        options.address shouldBe "redis.example:7000"
        options.redisUri.isSsl shouldBe true
        String(options.redisUri.credentialsProvider.resolveCredentials().block()!!.password) shouldBe "canary@-7f3a"
    }

    test("the port is 6379 unless it is said") {
        options("redis://localhost").address shouldBe "localhost:6379"
    }

    test("names of containers and IPv6 addresses are hosts, too") {
        options("redis://redis_server:7000/1").address shouldBe "redis_server:7000"
        options("redis://redis_server").address shouldBe "redis_server:6379"
        options("redis://[::1]:7000").address shouldBe "[::1]:7000"
    }

    test("addresses that cannot work are refused without showing them") {
        for (uri in listOf("", "canary-7f3a", "http://:canary-7f3a@host", "redis://", "redis://:canary-7f3a@", "redis://:canary-7f3a@host:port", "redis://:canary-7f3a#x@host:6379", "redis://:canary-7f3a@a:1:2", "redis-sentinel://canary-7f3a@host")) {
            val failure = shouldThrow<ConfigurationException> { options(uri) }
            ("canary" in failure.stackTraceToString()) shouldBe false
        }
        shouldThrow<ConfigurationException> { RedisStateOptions.builder().build() }.message shouldContain "missing"
    }

    test("values that cannot work are refused with words") {
        val builder = RedisStateOptions.builder().uri("redis://localhost")
        for (prefix in listOf("", " ", "a{b", "a}b")) {
            shouldThrow<ConfigurationException> { builder.prefix(prefix).build() }.message shouldContain "prefix"
        }
        builder.prefix("a")
        for (timeout in listOf(Duration.ZERO, Duration.ofMillis(-1), Duration.ofDays(2))) {
            shouldThrow<ConfigurationException> { builder.commandTimeout(timeout).build() }.message shouldContain "commandTimeout"
        }
    }

    test("a builder that starts with options makes the same ones") {
        val options = RedisStateOptions.builder().uri("redis://:pw@localhost:1/2").prefix("p").commandTimeout(Duration.ofSeconds(3)).build()
        val copy = options.toBuilder().build()
        copy.toString() shouldBe options.toString()
        copy.redisUri shouldBe options.redisUri
        copy.redisUri.timeout shouldBe Duration.ofSeconds(3)
    }
})
