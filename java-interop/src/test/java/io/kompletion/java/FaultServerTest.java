package io.kompletion.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kompletion.error.TimeoutException;
import io.kompletion.testkit.fault.Fault;
import io.kompletion.testkit.fault.FaultServer;
import io.kompletion.testkit.fault.Recording;
import org.junit.jupiter.api.Test;

class FaultServerTest {
    @Test
    void aStreamThatGoesSilentEndsByTheClockAndKeepsWhatHadCome() {
        TimeoutException failure = catchThrowableOfType(TimeoutException.class, FaultServerTest::goesSilent);

        assertThat(failure.getKind()).isEqualTo(TimeoutException.Kind.IDLE);
        assertThat(failure.getPartial().getContent()).startsWith("Faults are");
    }

    // region server
    static void goesSilent() {
        Fault fault = Fault.named("first-events-then-stall");
        try (FaultServer faults = FaultServer.start(fault, Recording.named("anthropic"));
                KompletionClient llm = KompletionClient.create(faults::configure);
                ChatStream stream = llm.blocking().chatStream(faults.request())) {
            stream.forEach(chunk -> {}); // your code, in place of this line
        }
    }
    // endregion
}
