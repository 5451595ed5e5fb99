package io.kompletion.opendal.internal

import io.kompletion.error.ConfigurationException
import org.apache.opendal.Environment
import org.apache.opendal.NativeLibrary

/** Loads the native half of OpenDAL, and says what is missing when it cannot. */
internal object NativeLibraries {
    /** @throws ConfigurationException when it is not on the class path, or calls into it would never end */
    fun load() {
        try {
            NativeLibrary.loadLibrary()
        } catch (e: LinkageError) {
            // The class loads the library when it is initialized, and the second time it is another Error.
            throw missing(e)
        }
        // Threads of the native library look classes up in the system's class loader. Where they do not find these very
        // ones no call ever ends.
        if (!isInSystemClassLoader()) {
            throw ConfigurationException(
                "OpenDAL must be loaded by the application's class loader, for its native threads find " +
                    "classes nowhere else: put org.apache.opendal:opendal and its classifier jar on the class path, " +
                    "not into nested jars, web applications and build tools that run programs in their own process",
            )
        }
    }

    private fun isInSystemClassLoader() = try {
        ClassLoader.getSystemClassLoader().loadClass(NativeLibrary::class.java.name) === NativeLibrary::class.java
    } catch (_: ClassNotFoundException) {
        false
    }

    private fun missing(cause: Throwable) = ConfigurationException(
        "The native library of OpenDAL is missing: add org.apache.opendal:opendal:${Environment.getVersion()} with " +
            "the classifier ${Environment.getClassifier()} to the class path",
        cause = cause,
    )
}
