package io.kompletion.checks.leak

import io.kotest.common.KotestInternal
import io.kotest.core.extensions.SpecExtension
import io.kotest.core.spec.Spec
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runInterruptible

/** Fails every Kotest spec that leaves threads or uncaught exceptions behind, or that holds no test at all. */
@OptIn(KotestInternal::class)
object KotestLeakCheck : SpecExtension {
    override suspend fun intercept(spec: Spec, execute: suspend (Spec) -> Unit) {
        val watch = LeakWatch()
        execute(spec)
        if (spec.tests().isEmpty()) throw AssertionError("${spec::class.simpleName} holds no test")
        runInterruptible(Dispatchers.IO) { watch.verify() }
    }
}
