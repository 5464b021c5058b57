package io.penstock.forwarder.admin;

import com.google.gson.JsonArray;
import java.time.Duration;
import java.util.List;

/** Values as all answers have them. */
final class Values {
    private Values() {}

    static JsonArray texts(List<String> texts) {
        JsonArray array = new JsonArray();
        texts.forEach(array::add);
        return array;
    }

    /** Seconds with up to three decimals, as Prometheus counts them too. */
    static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
