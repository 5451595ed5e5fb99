package io.kompletion.security

import org.slf4j.ILoggerFactory
import org.slf4j.IMarkerFactory
import org.slf4j.Logger
import org.slf4j.Marker
import org.slf4j.event.Level
import org.slf4j.helpers.BasicMarkerFactory
import org.slf4j.helpers.LegacyAbstractLogger
import org.slf4j.helpers.MessageFormatter
import org.slf4j.helpers.NOPMDCAdapter
import org.slf4j.spi.MDCAdapter
import org.slf4j.spi.SLF4JServiceProvider
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue

/** The logging of this module's tests: the library's loggers at every level and all others from INFO on, kept in memory
 * with the exceptions. */
class RecordedLogs : SLF4JServiceProvider {
    private val loggers = ConcurrentHashMap<String, Logger>()
    private val markers = BasicMarkerFactory()

    override fun getLoggerFactory(): ILoggerFactory = ILoggerFactory { name -> loggers.getOrPut(name) { Recorder(name) } }

    override fun getMarkerFactory(): IMarkerFactory = markers

    override fun getMDCAdapter(): MDCAdapter = NOPMDCAdapter()

    override fun getRequestedApiVersion(): String = "2.0.99"

    override fun initialize() = Unit

    private class Recorder(loggerName: String) : LegacyAbstractLogger() {
        init {
            name = loggerName
        }

        override fun isTraceEnabled() = true

        override fun isDebugEnabled() = true

        override fun isInfoEnabled() = true

        override fun isWarnEnabled() = true

        override fun isErrorEnabled() = true

        override fun getFullyQualifiedCallerName(): String? = null

        override fun handleNormalizedLoggingCall(
            level: Level,
            marker: Marker?,
            message: String?,
            arguments: Array<out Any?>?,
            throwable: Throwable?,
        ) {
            val text = MessageFormatter.basicArrayFormat(message, arguments)
            // Below INFO, libraries beneath this one may write down what a server sent.
            if (!name.startsWith("io.kompletion") && level.toInt() < Level.INFO.toInt()) return
            lines += "$level $name $text ${throwable?.stackTraceToString().orEmpty()}"
        }
    }

    companion object {
        private val lines = ConcurrentLinkedQueue<String>()

        /** What was logged since the last time. */
        fun take(): List<String> = generateSequence { lines.poll() }.toList()
    }
}
