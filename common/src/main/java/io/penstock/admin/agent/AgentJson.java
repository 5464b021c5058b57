package io.penstock.admin.agent;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.penstock.agent.ReloadResult;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.function.Function;

/**
 * What the status of any agent is put together from. Instants of the agent's clock become those of the world's by how long ago they
 * were.
 */
public final class AgentJson {
    private final long nowNs;
    private final Instant now = Instant.now();

    /** @param nowNs on the agent's clock */
    public AgentJson(long nowNs) {
        this.nowNs = nowNs;
    }

    /**
     * In UTC, to the millisecond.
     *
     * @param atNs on the agent's clock
     */
    public String instant(long atNs) {
        return now.minusNanos(nowNs - atNs).truncatedTo(ChronoUnit.MILLIS).toString();
    }

    public static JsonObject of(ReloadResult result) {
        JsonObject json = new JsonObject();
        json.addProperty("at", result.at().toString());
        json.addProperty("trigger", result.trigger());
        json.addProperty("applied", result.applied());
        json.add("problems", texts(result.problems()));
        json.add("needRestart", texts(result.needRestart()));
        if (!result.applied()) {
            json.addProperty("error", "the configuration was refused and nothing changed");
        }
        return json;
    }

    public static <T> JsonArray array(Collection<T> values, Function<T, JsonElement> json) {
        JsonArray array = new JsonArray();
        values.forEach(value -> array.add(json.apply(value)));
        return array;
    }

    public static JsonArray texts(Collection<?> values) {
        JsonArray array = new JsonArray();
        values.forEach(value -> array.add(value.toString()));
        return array;
    }
}
