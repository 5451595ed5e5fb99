package io.kompletion.internal.media

import io.kompletion.error.MediaFetchException.Kind
import io.kompletion.fuzz.damage
import io.kompletion.policy.MediaFetcher
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import kotlin.random.Random

/** Addresses that must not be fetched, in every spelling that some program reads, and those that may be. */
class FetchAddressTest : FunSpec({
    /** Everything that a client can allow but private addresses, so that nothing is refused for a lesser reason. */
    val rules = MediaFetcher.builder().allowHttp(true).maxRedirects(3).build()

    fun refusal(url: String, by: MediaFetcher = rules): String = withClue(url) {
        val failure = shouldThrow<FetchFailure> { FetchAddress.of(url, by) }
        failure.kind shouldBe Kind.ADDRESS
        failure.message
    }

    test("no spelling of an address that is not public gets through") {
        for (url in spellings) refusal(url)
        println("media fetcher: ${spellings.size} of ${spellings.size} spellings refused")
        spellings.distinct().size shouldBeGreaterThan 80
    }

    test("metadata services and what is on the same wire stay refused where private addresses are allowed") {
        val open = rules.toBuilder().allowPrivateAddresses(true).build()
        for (host in metadataHosts) refusal("http://$host/latest/meta-data/", open)
        for (host in listOf("127.0.0.1", "10.1.2.3", "100.64.0.1", "[::1]", "[fd12::1]", "localhost", "wiki", "a.internal")) {
            withClue(host) { FetchAddress.of("http://$host/a.png", open) }
        }
    }

    test("public addresses and names are allowed and go out as they are spelled") {
        val public = mapOf(
            "https://example.com" to "example.com /",
            "https://EXAMPLE.com./a.png?b=c#d" to "example.com /a.png?b=c",
            "HTTPS://img.example.com:443/%61" to "img.example.com /%61",
            "http://example.com:443/a" to "example.com:443 /a",
            "https://8.8.8.8/a" to "8.8.8.8 /a",
            "https://[2001:4860:4860::8888]/a" to "[2001:4860:4860::8888] /a",
            "https://[64:ff9b::808:808]/a" to "[64:ff9b::808:808] /a",
            "https://xn--bcher-kva.example/b" to "xn--bcher-kva.example /b",
            "https://example.com/bücher.png" to "example.com /b%C3%BCcher.png",
            "https://mylocalhost.com/a" to "mylocalhost.com /a",
        )
        for ((url, expected) in public) {
            val address = FetchAddress.of(url, rules)
            "${address.authority} ${address.target}" shouldBe expected
        }
    }

    test("a damaged address is refused, or goes out as one line to a public host") {
        val seeds = (spellings + "https://example.com/a%20b?c=d" + "https://[2001:4860:4860::8888]:443/").map { it.encodeToByteArray() }
        var allowed = 0
        repeat(DAMAGED) { run ->
            val random = Random(FIRST_SEED + run)
            val url = damage(seeds[random.nextInt(seeds.size)], random).decodeToString()
            val address = try {
                FetchAddress.of(url, rules)
            } catch (_: FetchFailure) {
                return@repeat
            }
            allowed++
            withClue(url) {
                "${address.authority}${address.target}".all { it in '!'..'~' } shouldBe true
                address.target.first() shouldBe '/'
                address.literal?.let { IpRanges.refusal(it, allowPrivate = false) } shouldBe null
            }
        }
        allowed shouldBeGreaterThan DAMAGED / 1000
    }

    test("a redirect is checked like the first address and never leaves TLS") {
        val first = FetchAddress.of("https://example.com/a/b?c", rules)
        first.redirected("../d", rules).target shouldBe "/d"
        first.redirected("//other.example/e", rules).host shouldBe "other.example"
        val bad = listOf("http://example.com/a", "https://127.0.0.1/", "//localhost/", "file:///etc/passwd", "https://u@e.com/", "%")
        for (location in bad) {
            withClue(location) {
                shouldThrow<FetchFailure> { first.redirected(location, rules) }.kind shouldBe Kind.ADDRESS
            }
        }
    }
})

private const val DAMAGED = 20_000
private const val FIRST_SEED = 20_261_121

private val metadataHosts = listOf(
    "169.254.169.254", "169.254.170.2", "169.254.170.23", "169.254.42.42", "168.63.129.16", "192.0.0.192",
    "[fd00:ec2::254]", "[fd00:ec2::23]", "[fd20:ce::254]", "[fd00:42::42]", "[::ffff:169.254.169.254]",
    "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::]", "metadata", "metadata.google.internal", "METADATA.google.internal.",
    "metadata.goog", "instance-data", "0.0.0.0", "[::]", "224.0.0.1", "[ff02::1]", "255.255.255.255", "[fe80::1]",
)

private val hosts = metadataHosts + listOf(
    // loopback and private addresses of IPv4
    "127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "100.100.100.200",
    "198.18.0.1", "192.0.2.1", "198.51.100.7", "203.0.113.9", "192.88.99.1", "240.0.0.1", "0.1.2.3",
    // as one number, in octal, in hexadecimal, short, with zeros
    "2130706433", "017700000001", "0x7f000001", "0x7F.0x00.0x00.0x01", "0177.0.0.1", "0177.0.0.01", "127.1", "127.0.1",
    "127.0.0.0x1", "0x7f.1", "127.000.000.001", "010.0.0.1", "00000000127.0.0.1", "2852039166", "0xa9fea9fe", "0",
    "256.256.256.256", "1.2.3.4.5", "4294967297", "127.0.0.1.", "0x7f000001.", "2130706433.",
    // IPv6
    "[::1]", "[0:0:0:0:0:0:0:1]", "[0000:0000::0001]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:10.0.0.1]",
    "[::127.0.0.1]", "[::7f00:1]", "[fc00::1]", "[fd12:3456::1]", "[fe80::1%25eth0]", "[fec0::1]", "[2002:7f00:1::]",
    "[2002:c0a8:101::1]", "[64:ff9b::7f00:1]", "[64:ff9b::10.0.0.1]", "[64:ff9b:1::1]", "[2001:0:7f00:1::]", "[2001:db8::1]",
    "[3fff::1]", "[100::1]", "[::ffff:0:127.0.0.1]", "[5f00::1]",
    // names
    "localhost", "LOCALHOST", "localhost.", "a.localhost", "printer.local", "db.internal", "router.lan", "nas.home.arpa",
    "wiki", "api.default.svc", "localhost.localdomain",
    // letters that some program makes digits or dots of
    "１２７.０.０.１", "127。0。0。1", "①②⑦.⓪.⓪.①", "ⓛocalhost", "lоcalhost", "%6c%6f%63alhost", "%31%32%37.0.0.1",
)

private val spellings = hosts.map { "http://$it/a.png" } + listOf(
    // who is the user, and who the host?
    "https://example.com@127.0.0.1/", "https://127.0.0.1@example.com/", "https://user:pass@example.com/",
    "https://example.com\\@127.0.0.1/", "https://example.com#@127.0.0.1:22/ ", "https://a@b@127.0.0.1/",
    "https://127.0.0.1\\.example.com/", "https://example.com%00.internal/", "https://127.0.0.1:443@example.com:443/",
    // what is the scheme?
    "file:///etc/passwd", "ftp://example.com/a", "gopher://example.com/", "jar:https://example.com/a!/b", "javascript:1",
    "dict://example.com/", "data:image/png,a", "//example.com/a", "example.com/a", "https:example.com", "https:/example.com",
    "https:///example.com", "https://", "https://:443/", "", "https//example.com",
    // what is the port?
    "https://example.com:22/", "https://example.com:0/", "https://example.com:65536/", "https://example.com:-1/",
    "https://example.com:443:22/", "http://example.com:6379/", "https://example.com:8443/",
    // a second line in the request
    "https://example.com/\r\nHost: localhost", "https://example.com/ HTTP/1.1", "https://exa\tmple.com/",
)
