package io.kotest.provided

import io.kompletion.checks.leak.KotestLeakCheck
import io.kotest.core.config.AbstractProjectConfig
import io.kotest.core.extensions.Extension
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes

/** Found by Kotest under this very name, so that every module with the checks on its test class path has it. */
class ProjectConfig : AbstractProjectConfig() {
    override val extensions: List<Extension> = listOf(KotestLeakCheck)

    /** A test that hangs is a failure, not a build that never ends. */
    override val timeout: Duration = if (System.getProperty("kompletion.slow") == "true") 30.minutes else 2.minutes
}
