package io.kompletion.badinput

import io.kompletion.chat.AudioPart
import io.kompletion.chat.DocumentPart
import io.kompletion.chat.ImagePart
import io.kompletion.chat.Media

private const val PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

private fun image(type: String, data: String) = ImagePart.of(Media.base64(type, data))

/** Images, sound and documents. */
internal val mediaRows = listOf(
    invalid("an image that is no base64", "messages[0].content[0]", "messages[0].content[0]: data is not base64 at index 3") { user(image("image/png", "AAA!")) },
    invalid("an image that was cut off", "messages[0].content[0]", "data is not base64: 9 characters are no whole number of bytes; was it cut off?") { user(image("image/png", "iVBORw0KG")) },
    invalid("an image of no bytes", "messages[0].content[0]", "messages[0].content[0] has no bytes") { user(image("image/png", "")) },
    invalid("an image of no type", "messages[0].content[0].media_type", "media_type \"picture\" is no media type; name one like image/png") { user(image("picture", PNG)) },
    remarked("an image that is a PNG and says JPEG", "messages[0].content[0].media_type", "mapped", "the bytes are image/png, not image/jpeg") { user(image("image/jpeg", PNG)) },
    remarked("the same for Claude", "messages[0].content[0].media_type", "mapped", "the bytes are image/png, not image/jpeg", model = CLAUDE) { user(image("image/jpeg", PNG)) },
    remarked("the same for Gemini", "messages[0].content[0].media_type", "mapped", "the bytes are image/png, not image/jpeg", model = GEMINI_FLASH) { user(image("image/jpeg", PNG)) },
    unsupported("sound for Claude", "messages[0].content[0]", "messages[0].content[0]: ", "(provider anthropic)", model = CLAUDE) { user(AudioPart.of("UklGRg==", "wav")) },
    unsupported("a document by its address for OpenAI", "messages[0].content[0]", "a file can be sent as data or by its id, not by URL") { user(DocumentPart.of(Media.url("https://example.com/a.pdf"))) },
    invalid("a file of this machine", "messages[0].content[0]", "messages[0].content[0]: scheme \"file\" is not allowed in a media URL; read the file and use Media.bytes") { user(ImagePart.of(Media.url("file:///etc/passwd"))) },
    invalid("an address of FTP", "messages[0].content[0]", "scheme \"ftp\" is not allowed") { user(ImagePart.of(Media.url("ftp://example.com/a.png"))) },
    invalid("an address without a scheme", "messages[0].content[0]", "scheme \"\" is not allowed") { user(ImagePart.of(Media.url("//example.com/a.png"))) },
    invalid("an address with a line end", "messages[0].content[0]", "the media URL has U+000A at index 25; encode it") { user(ImagePart.of(Media.url("https://example.com/a.png\n"))) },
    invalid("sound that is no base64", "messages[0].content[0]", "data is not base64 at index 0") { user(AudioPart.of("§", "wav")) },
)
