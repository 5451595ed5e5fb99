package io.kompletion.okhttp

import java.nio.file.Files
import java.nio.file.Path
import java.security.KeyStore
import java.security.cert.X509Certificate
import javax.net.ssl.KeyManagerFactory
import javax.net.ssl.SSLContext
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509TrustManager

/**
 * A key and its certificate for [name], made by the JDK's keytool; good for two days from [from] on.
 *
 * @param isSigned whether an authority signs it; then the authority is what is trusted, and a certificate that has ended
 *   counts as ended. Otherwise it signs itself
 */
internal class TestCertificate(
    private val name: String,
    private val from: String = "-1d",
    private val algorithm: String = "EC",
    private val isSigned: Boolean = false,
) {
    private val store = KeyStore.getInstance("PKCS12").apply {
        val folder = Files.createTempDirectory("kompletion-tls")
        val file = folder.resolve("key.p12")
        try {
            generate(file)
            Files.newInputStream(file).use { load(it, PASSWORD) }
        } finally {
            Files.deleteIfExists(file)
            Files.delete(folder)
        }
    }

    /** The certificate itself. */
    val encoded: ByteArray get() = store.getCertificate(KEY).encoded

    val trustManager: X509TrustManager = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm())
        .apply { init(trusted()) }.trustManagers.single() as X509TrustManager

    /** Serves with the key and trusts the certificate. */
    val context: SSLContext = SSLContext.getInstance("TLS").apply {
        val keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm()).apply {
            init(store, PASSWORD)
        }
        init(keys.keyManagers, arrayOf(trustManager), null)
    }

    private fun trusted() = KeyStore.getInstance("PKCS12").apply {
        load(null, null)
        val root = store.getCertificateChain(KEY).last() as X509Certificate
        setCertificateEntry("root", root)
    }

    private fun generate(file: Path) {
        if (isSigned) {
            keytool(file, "-alias", "authority", "-dname", "CN=authority", "-ext", "bc:c", "-startdate", "-30d", "-validity", "60")
        }
        val signer = if (isSigned) arrayOf("-signer", "authority") else emptyArray()
        keytool(file, "-alias", KEY, "-dname", "CN=$name", "-ext", "san=$name", "-startdate", from, "-validity", "2", *signer)
        if (isSigned) run("-delete", "-alias", "authority", *place(file))
    }

    private fun keytool(file: Path, vararg arguments: String) {
        val kind = if (algorithm == "EC") arrayOf("-groupname", "secp256r1") else arrayOf("-keysize", "2048")
        run("-genkeypair", "-keyalg", algorithm, *kind, *arguments, *place(file))
    }

    private fun place(file: Path) =
        arrayOf("-keystore", file.toString(), "-storetype", "PKCS12", "-storepass", String(PASSWORD))

    private fun run(vararg arguments: String) {
        val keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString()
        val process = ProcessBuilder(listOf(keytool) + arguments).redirectErrorStream(true).start()
        val output = process.inputStream.bufferedReader().readText()
        check(process.waitFor() == 0) { "keytool: $output" }
    }

    private companion object {
        const val KEY = "key"
        val PASSWORD = "changeit".toCharArray()
    }
}
