package io.penstock.forwarder.reload;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.reload.LiveConfig.View;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What runs, in the words of the file: what was read, with what operators changed since. The contents of files that it
 * names are no part of it, and what may hold a password is hidden: what checks send, and the arguments of programs.
 */
final class EffectiveDocument {
    static final String HIDDEN = "(hidden)";

    private static final Set<String> SENT = Set.of("send");
    private static final Set<String> WITH_ARGUMENTS = Set.of("command");

    private EffectiveDocument() {}

    static JsonObject of(View view) {
        JsonObject document = hide(view.file().document()).getAsJsonObject();
        view.overrides().backends().forEach((name, override) -> {
            JsonObject pool = document.getAsJsonObject("pools").getAsJsonObject(name.pool());
            pool.add("backends", changed(pool.getAsJsonArray("backends"), name.id(), override));
        });
        JsonObject answer = new JsonObject();
        answer.addProperty("file", view.file().file().toString());
        JsonArray differences = new JsonArray();
        view.overrides().lines().forEach(differences::add);
        answer.add("differences", differences);
        answer.add("config", document);
        return answer;
    }

    /** A copy. */
    private static JsonElement hide(JsonElement value) {
        if (value.isJsonArray()) {
            JsonArray array = new JsonArray();
            value.getAsJsonArray().forEach(item -> array.add(hide(item)));
            return array;
        }
        if (value.isJsonObject()) {
            JsonObject object = new JsonObject();
            value.getAsJsonObject()
                    .entrySet()
                    .forEach(entry -> object.add(entry.getKey(), hide(entry.getKey(), entry.getValue())));
            return object;
        }
        return value;
    }

    private static JsonElement hide(String key, JsonElement value) {
        if (SENT.contains(key)) {
            return new JsonPrimitive(HIDDEN);
        }
        if (WITH_ARGUMENTS.contains(key) && value.isJsonArray()) {
            JsonArray words = new JsonArray();
            value.getAsJsonArray().forEach(word -> words.add(words.isEmpty() ? word : new JsonPrimitive(HIDDEN)));
            return words;
        }
        return hide(value);
    }

    private static JsonArray changed(JsonArray backends, String id, BackendOverride override) {
        JsonArray changed = new JsonArray();
        boolean found = false;
        for (JsonElement backend : backends) {
            if (!id(backend).equals(id)) {
                changed.add(backend);
                continue;
            }
            found = true;
            if (!override.removed()) {
                changed.add(with(longForm(backend), override));
            }
        }
        Optional<BackendConfig> added = found ? Optional.empty() : override.added();
        added.ifPresent(backend -> changed.add(with(added(backend), override)));
        return changed;
    }

    private static String id(JsonElement backend) {
        if (backend.isJsonPrimitive()) {
            return backend.getAsString();
        }
        JsonObject object = backend.getAsJsonObject();
        return object.get(object.has("id") ? "id" : "address").getAsString();
    }

    private static JsonObject longForm(JsonElement backend) {
        if (backend.isJsonObject()) {
            return backend.getAsJsonObject();
        }
        JsonObject object = new JsonObject();
        object.add("address", backend);
        return object;
    }

    private static JsonObject added(BackendConfig backend) {
        JsonObject object = new JsonObject();
        object.addProperty("id", backend.id());
        object.addProperty("address", OverridesText.address(backend));
        object.addProperty("weight", backend.weight());
        return object;
    }

    private static JsonObject with(JsonObject backend, BackendOverride override) {
        override.state()
                .ifPresent(state -> backend.addProperty("state", state.name().toLowerCase(Locale.ROOT)));
        override.weight().ifPresent(weight -> backend.addProperty("weight", weight));
        return backend;
    }
}
