package io.kompletion.checks.leak

import org.junit.jupiter.api.extension.AfterAllCallback
import org.junit.jupiter.api.extension.BeforeAllCallback
import org.junit.jupiter.api.extension.ExtensionContext

/** Fails every JUnit 5 class that leaves threads or uncaught exceptions behind; found by JUnit on the class path. */
class JupiterLeakCheck :
    BeforeAllCallback,
    AfterAllCallback {
    override fun beforeAll(context: ExtensionContext) {
        if (context.isTopLevel) context.store.put(LeakWatch::class.java, LeakWatch())
    }

    override fun afterAll(context: ExtensionContext) {
        if (context.isTopLevel) context.store.remove(LeakWatch::class.java, LeakWatch::class.java)?.verify()
    }

    /** A nested class runs inside its outer one, whose resources are still open. */
    private val ExtensionContext.isTopLevel: Boolean get() = requiredTestClass.enclosingClass == null

    private val ExtensionContext.store: ExtensionContext.Store
        get() = getStore(ExtensionContext.Namespace.create(JupiterLeakCheck::class.java, requiredTestClass))
}
