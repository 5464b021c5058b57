package io.penstock.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Values of an answer as people read them. What an older or newer process does not say is a dash, nothing or the default. */
public final class Words {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Words() {}

    public static String text(JsonObject object, String key) {
        return object.get(key) instanceof JsonPrimitive value ? Table.printable(value.getAsString()) : "-";
    }

    public static long number(JsonObject object, String key) {
        return number(object, key, 0);
    }

    public static long number(JsonObject object, String key, long absent) {
        return object.get(key) instanceof JsonPrimitive value && value.isNumber() ? value.getAsLong() : absent;
    }

    public static double decimal(JsonObject object, String key, double absent) {
        return object.get(key) instanceof JsonPrimitive value && value.isNumber() ? value.getAsDouble() : absent;
    }

    public static boolean flag(JsonObject object, String key, boolean absent) {
        return (object.get(key) instanceof JsonPrimitive value && value.isBoolean()) ? value.getAsBoolean() : absent;
    }

    /** An empty one when it is absent. */
    public static JsonObject object(JsonObject object, String key) {
        return object.get(key) instanceof JsonObject value ? value : new JsonObject();
    }

    public static List<String> texts(JsonObject object, String key) {
        return elements(object, key)
                .filter(JsonElement::isJsonPrimitive)
                .map(value -> Table.printable(value.getAsString()))
                .toList();
    }

    public static List<JsonObject> objects(JsonObject object, String key) {
        return elements(object, key)
                .filter(JsonElement::isJsonObject)
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    private static Stream<JsonElement> elements(JsonObject object, String key) {
        return object.get(key) instanceof JsonArray values ? values.asList().stream() : Stream.empty();
    }

    public static String seconds(JsonObject object, String key) {
        return duration(Duration.ofMillis(Math.round(decimal(object, key, 0) * 1000)));
    }

    /** The two largest units: {@code 1d 1h}, {@code 5m 3s}, {@code 1.5s}. */
    public static String duration(Duration duration) {
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
    public static String ago(JsonObject object, String key) {
        return instant(text(object, key))
                .map(at -> Duration.between(at, Instant.now()))
                .map(since -> duration(since.isNegative() ? Duration.ZERO : since))
                .orElse("-");
    }

    /** Empty when it is none. */
    public static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** {@code 1 route}, {@code 2 routes}. */
    public static String counted(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    public static String octets(long count) {
        double value = count;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? count + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }
}
