package io.kompletion.providers.bedrock

import io.kompletion.Secret
import io.kompletion.provider.Authorization

/** What signs requests to Amazon; [sessionToken] goes with keys that expire. Shows none of it. */
internal class AwsKeys(val accessKeyId: Secret, val secretAccessKey: Secret, val sessionToken: Secret? = null) {
    /** Keys that sign calls to [region]; [baseUrl] is where these go, when it was not known before. */
    fun authorization(region: String, clock: AwsClock, baseUrl: String? = null): Authorization = Authorization(
        credential = secretAccessKey,
        signer = AwsSigner(this, region, BedrockPlace.SERVICE, clock),
        baseUrl = baseUrl,
        secrets = listOfNotNull(accessKeyId, secretAccessKey, sessionToken),
    )

    /** The same keys with what cannot be in a header refused. */
    fun checked(provider: String): AwsKeys = also {
        for (secret in listOfNotNull(accessKeyId, secretAccessKey, sessionToken)) secret.checkUsable(provider)
    }

    override fun toString(): String = "AwsKeys(redacted)"
}
