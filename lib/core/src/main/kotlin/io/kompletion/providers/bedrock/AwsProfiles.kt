package io.kompletion.providers.bedrock

import io.kompletion.Secret
import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.File
import java.io.IOException

/**
 * The files that Amazon's tools share: `~/.aws/credentials` and `~/.aws/config`, or those that
 * `AWS_SHARED_CREDENTIALS_FILE` and `AWS_CONFIG_FILE` name. They are read when keys are fetched, off the caller's thread.
 *
 * @see <a href="https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html">AWS: shared config and credentials files</a>
 */
internal class AwsProfiles(private val environment: (String) -> String?) {
    /** One profile, out of both files; the credentials file outranks the other. */
    class Profile(val name: String, private val fields: Map<String, String>) {
        val region: String? get() = fields["region"]

        /** Its keys; null when it has none. */
        val keys: AwsKeys?
            get() {
                val other = OTHER_WAYS.firstOrNull { it in fields }
                val id = fields["aws_access_key_id"]
                val secret = fields["aws_secret_access_key"]
                if (other != null && (id == null || other == "role_arn")) {
                    throw wrong(
                        name,
                        "gets its keys by $other, which the library does not do: give it keys of its own, e.g. with " +
                            "`aws configure export-credentials`, or run where a container or an instance gives them",
                    )
                }
                if (id == null && secret == null) return null
                if (id == null || secret == null) {
                    throw wrong(name, "has one of aws_access_key_id and aws_secret_access_key; it needs both")
                }
                return AwsKeys(Secret(id), Secret(secret), fields["aws_session_token"]?.let(::Secret))
            }

        override fun toString(): String = "Profile($name)"
    }

    /** The profile that `AWS_PROFILE` names, else `default`. */
    val usual: String get() = environment("AWS_PROFILE") ?: DEFAULT

    /** Whether somebody named a profile, so that it must be there. */
    val isNamed: Boolean get() = environment("AWS_PROFILE") != null

    /** The profile [name]; null when neither file has it. */
    suspend fun find(name: String): Profile? = withContext(Dispatchers.IO) {
        val config = fields("AWS_CONFIG_FILE", "config") { section ->
            section == name.takeIf { it == DEFAULT } ||
                (section.startsWith(PREFIX) && section.substring(PREFIX.length).trim() == name)
        }
        val credentials = fields("AWS_SHARED_CREDENTIALS_FILE", "credentials") { it == name }
        if (config == null && credentials == null) null else Profile(name, config.orEmpty() + credentials.orEmpty())
    }

    /** The fields of the section that [isMeant]; null when there is none, or no file. */
    private fun fields(variable: String, usualName: String, isMeant: (String) -> Boolean): Map<String, String>? {
        val file = environment(variable)?.let(::File) ?: home()?.resolve(".aws/$usualName") ?: return null
        val lines = try {
            if (!file.isFile) return null
            if (file.length() > MOST_BYTES) throw unreadable(file, "is too large")
            file.readLines()
        } catch (e: IOException) {
            throw unreadable(file, "cannot be read (${e.javaClass.simpleName})")
        }
        return section(lines, isMeant)
    }

    private fun section(lines: List<String>, isMeant: (String) -> Boolean): Map<String, String>? {
        var found: MutableMap<String, String>? = null
        var isIn = false
        for (line in lines) {
            val text = line.trim()
            when {
                text.isEmpty() || text[0] == '#' || text[0] == ';' -> Unit

                text[0] == '[' -> {
                    isIn = isMeant(text.substring(1).substringBefore(']').trim())
                    if (isIn && found == null) found = LinkedHashMap()
                }

                // An indented line belongs to the setting above it.
                isIn && !line[0].isWhitespace() && '=' in text -> {
                    val value = text.substringAfter('=').substringBefore(" #").substringBefore(" ;").trim()
                    if (value.isNotEmpty()) found?.put(text.substringBefore('=').trim().lowercase(), value)
                }
            }
        }
        return found
    }

    private fun home(): File? = (environment("HOME") ?: environment("USERPROFILE"))?.let(::File)

    private fun unreadable(file: File, what: String) =
        ConfigurationException("the file \"${file.name}\" of AWS's profiles $what")

    companion object {
        const val DEFAULT = "default"
        private const val PREFIX = "profile "
        private const val MOST_BYTES = 1L shl 20
        private const val SHOWN = 60
        private val OTHER_WAYS =
            listOf(
                "role_arn",
                "sso_session",
                "sso_start_url",
                "credential_process",
                "web_identity_token_file",
                "login_session",
            )

        fun wrong(profile: String, what: String) = ConfigurationException(
            "AWS profile \"${ErrorDetails.printable(profile, SHOWN)}\" $what",
            ErrorDetails.builder().param(AwsSetup.PROFILE).build(),
        )
    }
}
