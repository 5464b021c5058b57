package io.penstock.perf.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The numbers of one run by name, in the order in which they were put. */
final class LoadResult {
    private static final double THOUSAND = 1_000;

    private final Map<String, Number> numbers = new LinkedHashMap<>();

    LoadResult put(String name, long value) {
        numbers.put(name, value);
        return this;
    }

    /** Kept to a thousandth. */
    LoadResult put(String name, double value) {
        numbers.put(name, Math.rint(value * THOUSAND) / THOUSAND);
        return this;
    }

    /** Puts median, tail and maximum in microseconds: {@code p50_us} and so on, with something before each name. */
    LoadResult putLatencies(String prefix, Latencies latencies) {
        put(prefix + "mean_us", latencies.meanUs());
        put(prefix + "p50_us", latencies.percentileUs(50));
        put(prefix + "p99_us", latencies.percentileUs(99));
        put(prefix + "p999_us", latencies.percentileUs(99.9));
        return put(prefix + "max_us", latencies.maxUs());
    }

    Number number(String name) {
        return numbers.get(name);
    }

    /** One line, without its end. */
    String toJson() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            for (Map.Entry<String, Number> entry : numbers.entrySet()) {
                json.writeFieldName(entry.getKey());
                if (entry.getValue() instanceof Long whole) {
                    json.writeNumber(whole);
                } else {
                    json.writeNumber(entry.getValue().doubleValue());
                }
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
