package io.kompletion.samples;

import java.util.Iterator;
import java.util.List;

/** What the command line asked for; null means that nothing was said. */
record MainOptions(String model, String baseUrl, boolean fake, boolean help) {
    static final String HELP =
            """
            A streamed chat with a tool call and a structured answer.

              --model provider/model   a real model, e.g. openai/gpt-5-mini; its key comes from the environment
              --base-url URL           a server that speaks OpenAI's protocol, e.g. http://localhost:11434/v1
                                       (its key, if it wants one, in <PROVIDER>_API_KEY)
              --fake                   the fake on this machine, even when there is a key
              --help                   this text

            Without arguments: OpenAI when OPENAI_API_KEY is set, else the fake, which needs neither key nor network.
            Exit codes: 0, 1 when the call failed, 2 when the arguments make no sense.\
            """;

    static MainOptions parse(List<String> args) throws UsageException {
        String model = null;
        String baseUrl = null;
        boolean fake = false;
        boolean help = false;
        Iterator<String> rest = args.iterator();
        while (rest.hasNext()) {
            String flag = rest.next();
            switch (flag) {
                case "--model" -> model = value(flag, rest);
                case "--base-url" -> baseUrl = value(flag, rest);
                case "--fake" -> fake = true;
                case "--help", "-h" -> help = true;
                default -> throw new UsageException("unknown argument \"" + flag + "\"");
            }
        }
        if (fake && baseUrl != null) {
            throw new UsageException("--fake and --base-url exclude each other");
        }
        if (baseUrl != null && model == null) {
            throw new UsageException("--base-url needs --model provider/model");
        }
        return new MainOptions(model, baseUrl, fake, help);
    }

    private static String value(String flag, Iterator<String> rest) throws UsageException {
        if (!rest.hasNext()) {
            throw new UsageException(flag + " needs a value");
        }
        return rest.next();
    }

    /** The arguments make no sense. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }
}
