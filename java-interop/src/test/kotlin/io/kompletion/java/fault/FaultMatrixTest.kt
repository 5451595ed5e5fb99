package io.kompletion.java.fault

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import java.io.File
import kotlin.time.Duration.Companion.minutes

/**
 * Every fault of the testkit against the library: protocols × transports × languages. Each fault and each transport once
 * unless the build runs with `-Pfaults`, which runs every cell. `-Dkompletion.faults.only=22b,bom` runs these faults,
 * `-Dkompletion.faults.protocols=bedrock,ollama` these protocols alone, with and without `-Pfaults`.
 */
class FaultMatrixTest : FunSpec({
    val everything = System.getProperty("kompletion.faults") == "true"

    val limit = if (everything) 50.minutes else 5.minutes

    test("every fault ends as specified").config(timeout = limit, invocationTimeout = limit) {
        val only = System.getProperty("kompletion.faults.only")?.split(',')
        val cells = (if (everything) FaultMatrix.all() else FaultMatrix.selection())
            .filter { only == null || it.fault.id in only || it.fault.name in only }
            .filter { it.recording in FaultMatrix.protocols }
        val table = FaultTable(FaultMatrix.run(cells))
        table.write(File("target/fault-report.md"))
        println(table.text())
        table.failures.map { it.toString() }.shouldBeEmpty()
    }
})
