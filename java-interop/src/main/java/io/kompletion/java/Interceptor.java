package io.kompletion.java;

import io.kompletion.chat.ChatCompletionChunk;
import io.kompletion.chat.ChatCompletionRequest;
import io.kompletion.chat.ChatCompletionResponse;
import io.kompletion.error.KompletionException;
import io.kompletion.policy.CallContext;
import io.kompletion.policy.OutputFilter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Stands between the caller and the client: may change or refuse requests and answers. Guardrails are interceptors.
 *
 * <pre>{@code
 * KompletionClient llm = KompletionClient.create(settings -> settings
 *         .interceptor(Interceptors.of(new NoSecrets())));
 * }</pre>
 *
 * <p>Interceptors work one after the other in the order in which they were added, each on what the one before it made; on
 * answers, too. To refuse, throw a {@link io.kompletion.error.GuardrailException}, or complete the stage with one; any
 * other {@link KompletionException} ends the call as well, and nothing falls back. Whatever else fails, a {@code null} in
 * place of a value included, ends the call with a {@code GuardrailException} that has it as its cause: what was to be
 * guarded is not let through because the guard fell.
 *
 * <p>Answers of the response cache have passed the interceptors of the call that made them, but for {@link #before} and
 * {@link #onChunk}, which see every call; they are given only to clients whose interceptors have the same names.
 *
 * <p><b>Threads.</b> One object serves all calls at once, so state belongs into what {@link #outputFilter} returns. The
 * methods run on the threads that read answers and must not block; what takes long belongs into the stages, which are
 * waited for without a thread. Cancelling the call cancels a stage that is a {@link CompletableFuture}.
 */
public interface Interceptor {
    /**
     * Names it in errors, and tells answers of the response cache apart.
     *
     * @return the name of its class without the package unless overridden
     */
    default String name() {
        String name = getClass().getName();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /**
     * Before anything is planned or sent.
     *
     * @param call what call it is
     * @param request what the caller, or the interceptor before, wants to send
     * @return the request to go on with
     */
    default CompletionStage<ChatCompletionRequest> before(CallContext call, ChatCompletionRequest request) {
        return CompletableFuture.completedFuture(request);
    }

    /**
     * Looks at the text of the answer as it comes and decides what of it goes on. Asked once for each alternative of each
     * try.
     *
     * @param call what call it is
     * @return a filter for one text, or {@code null}, as at the beginning, to leave it as it is
     */
    default OutputFilter outputFilter(CallContext call) {
        return null;
    }

    /**
     * Sees every chunk of a stream before it is handed over; must be quick. What it throws ends the stream.
     *
     * @param call what call it is
     * @param chunk what is about to be handed over
     */
    default void onChunk(CallContext call, ChatCompletionChunk chunk) {}

    /**
     * After the whole answer is there, and of a stream before its last chunk.
     *
     * @param call what call it is
     * @param response the answer as it would be handed over
     * @return the answer to go on with
     */
    default CompletionStage<ChatCompletionResponse> after(CallContext call, ChatCompletionResponse response) {
        return CompletableFuture.completedFuture(response);
    }

    /**
     * After the call has failed for good.
     *
     * @param call what call it is
     * @param exception why it failed
     * @return what the caller gets
     */
    default CompletionStage<KompletionException> onError(CallContext call, KompletionException exception) {
        return CompletableFuture.completedFuture(exception);
    }
}
