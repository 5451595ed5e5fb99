package io.kompletion.providers.bedrock

import io.kompletion.Secret
import io.kompletion.chat.OptionsBuilder
import kotlinx.serialization.json.JsonElement

/**
 * What the options of every provider at Bedrock have: the place and the credentials. Passing null unsets an option.
 */
public abstract class AwsOptionsBuilder<B : AwsOptionsBuilder<B>> internal constructor(
    from: Map<String, JsonElement>,
) : OptionsBuilder<B>(from) {
    /**
     * The region, e.g. `us-east-1`; null takes it from the ARN of the model, from `AWS_REGION` or `AWS_DEFAULT_REGION`,
     * then from the profile.
     */
    @get:JvmSynthetic @set:JvmSynthetic public var region: String? by text(BedrockPlace.REGION)

    /** A profile of `~/.aws/credentials` and `~/.aws/config`, read when a call is made. */
    @get:JvmSynthetic @set:JvmSynthetic public var profile: String? by text(AwsSetup.PROFILE)

    /** Another place in front of `/model/…`; null is Amazon's host of the region. */
    @get:JvmSynthetic @set:JvmSynthetic public var baseUrl: String? by text("base_url")

    public fun region(value: String?): B = changed { region = value }

    public fun profile(value: String?): B = changed { profile = value }

    public fun baseUrl(value: String?): B = changed { baseUrl = value }

    /** Keys that sign the calls; they stay on this machine. */
    public fun accessKey(id: String, secret: Secret): B = accessKey(id, secret, null)

    /** The same with the token of keys that expire. */
    public fun accessKey(id: String, secret: Secret, sessionToken: Secret?): B = changed {
        with(AwsSetup.KEY_ID, id)
        with(AwsSetup.SECRET_KEY, secret.reveal())
        if (sessionToken ==
            null
        ) {
            values -= AwsSetup.SESSION_TOKEN
        } else {
            with(AwsSetup.SESSION_TOKEN, sessionToken.reveal())
        }
    }
}
