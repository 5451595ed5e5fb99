package io.kompletion.java;

import static org.assertj.core.api.Assertions.assertThat;

import io.kompletion.chat.SystemMessage;
import io.kompletion.chat.UserMessage;
import io.kompletion.providers.anthropic.ClaudePrompt;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The prompt of Claude 2, from Java,")
class ClaudePromptTest {
    @Test
    @DisplayName("is one text")
    void isOneText() {
        assertThat(ClaudePrompt.render(List.of(
                        SystemMessage.of("You are a snarky assistant."), UserMessage.of("How do I boil water?"))))
                .isEqualTo("You are a snarky assistant.\n\nHuman: How do I boil water?\n\nAssistant:");
    }
}
