package io.kompletion.samples;

import io.kompletion.Secret;
import io.kompletion.error.KompletionException;
import io.kompletion.java.KompletionClient;
import io.kompletion.testkit.FakeProviders;
import io.kompletion.testkit.FakeReply;
import io.kompletion.testkit.openai.FakeOpenAi;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Shows the library in one run; {@code --help} tells the arguments. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        int code = run(List.of(args), System.getenv());
        if (code != 0) {
            System.exit(code);
        }
    }

    /** The same without the end of the process: gives the exit code. */
    static int run(List<String> args, Map<String, String> environment) {
        try {
            MainOptions options = MainOptions.parse(args);
            String model = options.model() == null ? Offline.MODEL : options.model();
            if (options.help()) {
                System.out.println(MainOptions.HELP);
            } else if (talksToFake(options, environment)) {
                withFake(model);
            } else {
                withProvider(model, options.baseUrl(), environment);
            }
            return 0;
        } catch (MainOptions.UsageException e) {
            System.err.println(e.getMessage() + "; --help tells what there is");
            return 2;
        } catch (KompletionException | IllegalStateException | IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return 1;
        }
    }

    private static boolean talksToFake(MainOptions options, Map<String, String> environment) {
        boolean hasKey = !environment.getOrDefault("OPENAI_API_KEY", "").isBlank();
        return options.fake() || (options.model() == null && !hasKey);
    }

    private static void withFake(String model) {
        try (FakeProviders fakes = FakeProviders.start()) {
            FakeOpenAi openAi = fakes.openAi()
                    .enqueue(
                            FakeReply.text("Let me look that up.").thenToolCall("get_weather", "{\"city\":\"Lisbon\"}"),
                            FakeReply.text("In Lisbon the sky is clear, and it is 21 °C.")
                                    .delayBetweenEvents(Duration.ofMillis(25)),
                            FakeReply.structured("{\"city\":\"Lisbon\",\"sky\":\"clear\",\"celsius\":21}"));
            System.out.println("[Java] A FAKE of OpenAI on this machine (" + openAi.getBaseUrl()
                    + "); no key, no network, no cost");
            String provider = model.contains("/") ? model.substring(0, model.indexOf('/')) : "openai";
            try (KompletionClient llm = KompletionClient.create(settings ->
                    settings.provider(provider, p -> p.apiKey("sk-any").baseUrl(openAi.getBaseUrl())))) {
                new Conversation(llm, model).run();
            }
        }
    }

    private static void withProvider(String model, String url, Map<String, String> variables) {
        String where = url == null ? "" : " at " + url;
        System.out.println("[Java] The REAL model " + model + where + "; this may cost money");
        try (KompletionClient llm = KompletionClient.create(settings -> {
            settings.environment(variables);
            if (url != null) {
                String name = model.split("/", 2)[0];
                String key = variables.get(name.toUpperCase(Locale.ROOT) + "_API_KEY");
                settings.provider(name, p -> p.baseUrl(url).apiKey(key == null ? null : new Secret(key)));
            }
        })) {
            new Conversation(llm, model).run();
        }
    }
}
