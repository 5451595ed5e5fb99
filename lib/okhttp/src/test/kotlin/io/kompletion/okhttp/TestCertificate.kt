package io.kompletion.okhttp

import java.nio.file.Files
import java.nio.file.Path
import java.security.KeyStore
import javax.net.ssl.KeyManagerFactory
import javax.net.ssl.SSLContext
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509TrustManager

/** A key and its self-signed certificate for [name], made by the JDK's keytool; good for two days from [from] on. */
internal class TestCertificate(name: String, private val from: String = "-1d") {
    private val store = KeyStore.getInstance("PKCS12").apply {
        val folder = Files.createTempDirectory("kompletion-tls")
        val file = folder.resolve("key.p12")
        try {
            keytool(file, name)
            Files.newInputStream(file).use { load(it, PASSWORD) }
        } finally {
            Files.deleteIfExists(file)
            Files.delete(folder)
        }
    }

    val trustManager: X509TrustManager = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm())
        .apply { init(store) }.trustManagers.single() as X509TrustManager

    /** Serves with the key and trusts the certificate. */
    val context: SSLContext = SSLContext.getInstance("TLS").apply {
        val keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm()).apply {
            init(store, PASSWORD)
        }
        init(keys.keyManagers, arrayOf(trustManager), null)
    }

    private fun keytool(file: Path, name: String) {
        val command = listOf(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair", "-alias", "key", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=$name",
            "-ext", "san=$name", "-startdate", from, "-validity", "2", "-keystore", file.toString(), "-storetype", "PKCS12",
            "-storepass", String(PASSWORD),
        )
        val process = ProcessBuilder(command).redirectErrorStream(true).start()
        val output = process.inputStream.bufferedReader().readText()
        check(process.waitFor() == 0) { "keytool: $output" }
    }

    private companion object {
        val PASSWORD = "changeit".toCharArray()
    }
}
