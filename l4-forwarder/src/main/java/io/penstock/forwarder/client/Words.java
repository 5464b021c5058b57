package io.penstock.forwarder.client;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Values of an answer as people read them. */
final class Words {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Words() {}

    static String text(JsonObject object, String key) {
        JsonElement value = object.get(key);
        return value == null ? "-" : Table.printable(value.getAsString());
    }

    static long number(JsonObject object, String key) {
        return object.get(key).getAsLong();
    }

    static List<String> texts(JsonObject object, String key) {
        return object.getAsJsonArray(key).asList().stream()
                .map(value -> Table.printable(value.getAsString()))
                .toList();
    }

    static List<JsonObject> objects(JsonObject object, String key) {
        return object.getAsJsonArray(key).asList().stream()
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    static String seconds(JsonObject object, String key) {
        return duration(Duration.ofMillis(Math.round(object.get(key).getAsDouble() * 1000)));
    }

    /** The two largest units: {@code 1d 1h}, {@code 5m 3s}, {@code 1.5s}. */
    static String duration(Duration duration) {
        if (duration.toDays() > 0) {
            return duration.toDays() + "d " + duration.toHoursPart() + "h";
        }
        if (duration.toHours() > 0) {
            return duration.toHours() + "h " + duration.toMinutesPart() + "m";
        }
        if (duration.toMinutes() > 0) {
            return duration.toMinutes() + "m " + duration.toSecondsPart() + "s";
        }
        return String.format(Locale.ROOT, "%.1fs", duration.toMillis() / 1000.0);
    }

    /** How long ago something was, by this host's clock. */
    static String ago(JsonObject object, String key) {
        Duration since = Duration.between(Instant.parse(object.get(key).getAsString()), Instant.now());
        return duration(since.isNegative() ? Duration.ZERO : since);
    }

    static String octets(long count) {
        double value = count;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? count + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }
}
