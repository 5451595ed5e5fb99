package io.kompletion.testkit.fault

import java.nio.file.Files
import java.nio.file.Path
import java.security.KeyStore
import javax.net.ServerSocketFactory
import javax.net.ssl.KeyManagerFactory
import javax.net.ssl.SSLContext
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509TrustManager

/**
 * Keys and certificates for the faults of TLS, made once a process by the JDK's `keytool` in a temporary folder that is
 * deleted at once; no private key is kept on disk.
 */
internal object FaultCertificates {
    private val PASSWORD = "changeit".toCharArray()
    private const val AUTHORITY = "authority"

    private val store: KeyStore by lazy(::made)

    /** Trusts the authority that has signed the servers' certificates, and nobody else. */
    val trust: X509TrustManager by lazy {
        val anchors = emptyStore().apply { setCertificateEntry(AUTHORITY, store.getCertificate(AUTHORITY)) }
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm()).apply { init(anchors) }
            .trustManagers.single() as X509TrustManager
    }

    /** Sockets of a server with the certificate of [site]. */
    fun sockets(site: FaultPlan.Site): ServerSocketFactory {
        val alias = site.name.lowercase()
        val own = emptyStore().apply {
            setKeyEntry(alias, store.getKey(alias, PASSWORD), PASSWORD, store.getCertificateChain(alias))
        }
        val keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm())
        keys.init(own, PASSWORD)
        return SSLContext.getInstance("TLS").apply { init(keys.keyManagers, null, null) }.serverSocketFactory
    }

    private fun emptyStore(): KeyStore = KeyStore.getInstance("PKCS12").apply { load(null, PASSWORD) }

    private fun made(): KeyStore {
        val folder = Files.createTempDirectory("kompletion-faults")
        val file = folder.resolve("keys.p12")
        try {
            keytool(file, "-alias", AUTHORITY, "-dname", "CN=Fault authority", "-ext", "bc:c=ca:true", "-validity", "2")
            signed(file, FaultPlan.Site.TLS, "ip:127.0.0.1", "-validity", "2")
            signed(file, FaultPlan.Site.TLS_OTHER_HOST, "dns:other.test", "-validity", "2")
            signed(file, FaultPlan.Site.TLS_EXPIRED, "ip:127.0.0.1", "-startdate", "-10d", "-validity", "5")
            val alone = FaultPlan.Site.TLS_SELF_SIGNED.name.lowercase()
            keytool(file, "-alias", alone, "-dname", "CN=Nobody", "-ext", "san=ip:127.0.0.1", "-validity", "2")
            return emptyStore().apply { Files.newInputStream(file).use { load(it, PASSWORD) } }
        } finally {
            Files.deleteIfExists(file)
            Files.delete(folder)
        }
    }

    private fun signed(file: Path, site: FaultPlan.Site, name: String, vararg time: String) = keytool(
        file, "-alias", site.name.lowercase(), "-dname", "CN=Fault server", "-ext", "san=$name",
        "-signer", AUTHORITY, *time,
    )

    private fun keytool(file: Path, vararg arguments: String) {
        val command = listOf(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
            "-keyalg", "EC", "-groupname", "secp256r1", "-keystore", file.toString(), "-storetype", "PKCS12",
            "-storepass", String(PASSWORD),
        ) + arguments
        val process = ProcessBuilder(command).redirectErrorStream(true).start()
        val output = process.inputStream.bufferedReader().readText()
        check(process.waitFor() == 0) { "keytool: $output" }
    }
}
