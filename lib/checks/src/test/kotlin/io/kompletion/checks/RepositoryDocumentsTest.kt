package io.kompletion.checks

import io.kotest.core.spec.style.FunSpec

/** The documents of this repository; here, because this module is built once and knows nothing of the others. */
class RepositoryDocumentsTest : FunSpec({
    val root = repositoryRoot()

    test("code blocks are what their samples say") {
        failOn("Code blocks of the documents", DocSnippets(root).violations(documents(root)))
    }

    test("relative links lead somewhere") {
        failOn("Links of the documents", DocLinks(root).violations(documents(root)))
    }
})
