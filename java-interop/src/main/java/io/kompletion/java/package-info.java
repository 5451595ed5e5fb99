/**
 * The client for Java: {@link io.kompletion.java.KompletionClient} with futures and publishers, and
 * {@link io.kompletion.java.BlockingKompletionClient} for threads that wait, virtual ones above all.
 *
 * <p>Requests, answers, chunks, messages, tools, settings and exceptions are those of {@code io.kompletion},
 * {@code io.kompletion.chat} and {@code io.kompletion.error}; there is one set of types for Kotlin and Java. What Kotlin
 * says with a lambda and a receiver takes a {@link java.util.function.Consumer} here.
 *
 * <p>{@link io.kompletion.java.Interceptor} is a guardrail written in Java, which {@link io.kompletion.java.Interceptors}
 * gives to a client.
 *
 * <p>On Android, {@link java.util.concurrent.Flow} needs API level 30; everything else of this package works from 26 on.
 */
package io.kompletion.java;
