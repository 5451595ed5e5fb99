package io.kompletion.provider

/**
 * What the library knows of a provider before anybody calls it.
 *
 * @property aliases further names that mean this provider
 * @property baseUrl where it is reached when nobody says otherwise, without a slash at the end; null when there is no
 *   such place and every client must name one
 * @property keyEnv environment variables that may hold the key, first match wins
 * @property baseUrlEnv environment variables that may hold another base URL
 * @property modelPrefixes beginnings of bare model names that are this provider's, each a [NamePattern]
 * @property knownModels a few model names, to suggest from when a name is not understood
 * @property settingNames settings beyond the common ones that it understands, with the environment variables that may
 *   hold them
 * @property credentialNames options that hold credentials; they reach [setup] and no request body
 * @property setup decides place and credentials where they depend on settings
 * @property foreignKeyPrefixes beginnings of keys that are some other provider's, with its name
 * @property needsKey whether a call without a key is refused; false for servers of which nobody said so
 * @property reportedCost where it says what a call cost; null when it does not
 */
internal class Provider(
    val id: ProviderId,
    val displayName: String,
    val chat: ChatCodec,
    val baseUrl: String? = null,
    val auth: Auth = Auth.Bearer,
    val aliases: Set<String> = emptySet(),
    val keyEnv: List<String> = emptyList(),
    val baseUrlEnv: List<String> = emptyList(),
    val modelPrefixes: List<String> = emptyList(),
    val knownModels: List<String> = emptyList(),
    val settingNames: Map<String, List<String>> = emptyMap(),
    val credentialNames: Set<String> = emptySet(),
    val setup: TargetSetup? = null,
    val foreignKeyPrefixes: Map<String, String> = emptyMap(),
    val needsKey: Boolean = true,
    val reportedCost: ReportedCost? = null,
) {
    /** Whether [name] is one of its names. */
    fun answersTo(name: String): Boolean = id.value == name || name in aliases
}
