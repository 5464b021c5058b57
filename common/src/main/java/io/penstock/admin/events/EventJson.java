package io.penstock.admin.events;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.penstock.events.Event;
import io.penstock.events.EventDetails;
import java.util.List;

/** An event as the API has it. */
public final class EventJson {
    private EventJson() {}

    public static JsonObject of(Event event) {
        JsonObject json = new JsonObject();
        json.addProperty("id", event.id());
        json.addProperty("at", event.at().toString());
        json.addProperty("type", event.type().label());
        json.addProperty("subject", event.subject());
        json.addProperty("level", event.level().label());
        json.addProperty("text", event.text());
        json.add("details", of(event.details()));
        return json;
    }

    private static JsonObject of(EventDetails details) {
        JsonObject json = new JsonObject();
        details.values().forEach((name, value) -> json.add(name, value(value)));
        return json;
    }

    private static JsonElement value(Object value) {
        if (value instanceof Number number) {
            return new JsonPrimitive(number);
        }
        if (value instanceof Boolean flag) {
            return new JsonPrimitive(flag);
        }
        if (value instanceof List<?> texts) {
            JsonArray array = new JsonArray();
            texts.forEach(text -> array.add(text.toString()));
            return array;
        }
        return new JsonPrimitive(value.toString());
    }
}
