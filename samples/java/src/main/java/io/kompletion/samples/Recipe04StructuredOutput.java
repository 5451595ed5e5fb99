package io.kompletion.samples;

import io.kompletion.chat.ChatCompletionResponse;
import io.kompletion.chat.ResponseFormat;
import io.kompletion.java.KompletionClient;
import io.kompletion.testkit.FakeReply;
import java.util.Map;
import kotlinx.serialization.json.Json;
import kotlinx.serialization.json.JsonElement;
import kotlinx.serialization.json.JsonObject;
import kotlinx.serialization.json.JsonPrimitive;

/** 04: an answer that follows a JSON schema. */
public final class Recipe04StructuredOutput {
    private Recipe04StructuredOutput() {}

    // region type
    record City(String name, String country, long population) {
        /** From the text of a JSON object; Jackson or Gson do as well. */
        static City fromJson(String json) {
            Map<String, JsonElement> fields = (JsonObject) Json.Default.parseToJsonElement(json);
            return new City(
                    ((JsonPrimitive) fields.get("name")).getContent(),
                    ((JsonPrimitive) fields.get("country")).getContent(),
                    Long.parseLong(((JsonPrimitive) fields.get("population")).getContent()));
        }
    }

    static final ResponseFormat CITY = ResponseFormat.jsonSchema(
            "city",
            """
            {
              "type": "object",
              "properties": {
                "name": {"type": "string"},
                "country": {"type": "string"},
                "population": {"type": "integer"}
              },
              "required": ["name", "country", "population"],
              "additionalProperties": false
            }
            """);
    // endregion

    // region decode
    static City askForCity(KompletionClient llm) {
        ChatCompletionResponse answer = llm.blocking()
                .chat("openai/gpt-5-mini", request -> request.user("The largest city of Portugal")
                        .responseFormat(CITY));
        String refusal = answer.getMessage().getRefusal();
        if (refusal != null) {
            throw new IllegalStateException("the model refused: " + refusal);
        }
        return City.fromJson(answer.getContent());
    }
    // endregion

    public static void main(String[] args) {
        try (Offline offline = new Offline()) {
            offline.openAi()
                    .enqueue(
                            FakeReply.structured(
                                    "{\"name\":\"Lisbon\",\"country\":\"Portugal\",\"population\":545000}"),
                            FakeReply.refusal("I cannot help with that."));
            City city = askForCity(offline.llm());
            System.out.println(city.name() + ", " + city.country() + ": " + city.population() + " people");
            try {
                askForCity(offline.llm());
            } catch (IllegalStateException refused) {
                System.out.println(refused.getMessage());
            }
        }
    }
}
