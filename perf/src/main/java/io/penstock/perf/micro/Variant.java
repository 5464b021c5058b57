package io.penstock.perf.micro;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.runner.BenchmarkListEntry;

/**
 * A benchmark with values for its parameters.
 *
 * @param benchmark its name as JMH has it
 * @param parameters by name; none for most
 */
record Variant(String benchmark, Map<String, String> parameters) {
    /** A benchmark with every combination of its parameters' values. */
    static List<Variant> of(BenchmarkListEntry entry) {
        List<Variant> variants = List.of(new Variant(entry.getUsername(), Map.of()));
        Map<String, String[]> parameters = new TreeMap<>(entry.getParams().orElse(Map.of()));
        for (Map.Entry<String, String[]> parameter : parameters.entrySet()) {
            List<Variant> more = new ArrayList<>();
            for (Variant variant : variants) {
                for (String value : parameter.getValue()) {
                    more.add(variant.with(parameter.getKey(), value));
                }
            }
            variants = more;
        }
        return variants;
    }

    private Variant with(String parameter, String value) {
        Map<String, String> more = new LinkedHashMap<>(parameters);
        more.put(parameter, value);
        return new Variant(benchmark, more);
    }

    /** {@code Policy.pick.maglev.1000} for {@code io.penstock.perf.micro.PolicyBenchmark.pick} of these parameters. */
    String name() {
        String method =
                benchmark.substring(Variant.class.getPackageName().length() + 1).replace("Benchmark.", ".");
        return parameters.isEmpty() ? method : method + "." + String.join(".", parameters.values());
    }
}
