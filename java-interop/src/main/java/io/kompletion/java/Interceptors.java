package io.kompletion.java;

import static java.util.Objects.requireNonNull;

import io.kompletion.java.internal.StagedInterceptor;
import io.kompletion.policy.CallInterceptor;

/** Gives interceptors that are written in Java to a client. */
public final class Interceptors {
    private Interceptors() {}

    /**
     * For {@link io.kompletion.KompletionBuilder#interceptor}.
     *
     * @param interceptor what is asked
     * @return the same in the form that the builder takes
     */
    public static CallInterceptor of(Interceptor interceptor) {
        return new StagedInterceptor(requireNonNull(interceptor, "interceptor"));
    }
}
