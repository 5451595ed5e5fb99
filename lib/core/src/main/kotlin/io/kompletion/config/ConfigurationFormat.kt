package io.kompletion.config

/**
 * A way to write configuration files beside JSON. Found with `java.util.ServiceLoader`; must be safe for any thread.
 */
public interface ConfigurationFormat {
    /** Endings of file names, in small letters and without the dot, e.g. `yaml`. */
    public val extensions: Set<String>

    /**
     * The text of a JSON object that means the same as [text].
     *
     * @throws io.kompletion.error.ConfigurationException when it is not of this format; the message says where, and has no
     *   word of the text, which may hold keys
     */
    public fun toJson(text: String): String
}
