package io.penstock.perf.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.perf.rig.LineProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Our load generator, clients and backend in one process. It is ordered by lines of its standard input and prints a line
 * at the start and at the end of each measured time, then the numbers as JSON.
 */
final class OwnLoad implements Load {
    private static final String MAIN = "io.penstock.perf.load.LoadMain";
    private static final int START_TIMEOUT_S = 60;

    /** Warm-up, thousands of connections, answers that come late. */
    private static final int SLACK_S = 60;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final LineProcess process;

    /** Starts it; {@code seconds} of the setting is the length of every run. */
    OwnLoad(Workload workload, Link link, Setting setting, Path directory) throws IOException, InterruptedException {
        this(setting.cores().forLoad(command(workload, link, setting.seconds())), directory.resolve("load.log"));
    }

    OwnLoad(List<String> command, Path log) throws IOException, InterruptedException {
        process = LineProcess.start(command, log);
        expect("ready", START_TIMEOUT_S);
    }

    @Override
    public Work run(int seconds, Pace pace, Window window) throws IOException, InterruptedException {
        process.send(pace.order());
        expect("start", SLACK_S);
        window.open();
        expect("end", seconds + SLACK_S);
        window.close();
        return parse(process.next(SLACK_S));
    }

    static Work parse(String line) throws IOException {
        JsonNode numbers = JSON.readTree(line);
        double units = numbers.path("units").asDouble();
        double seconds = numbers.path("seconds").asDouble();
        if (!(units > 0) || !(seconds > 0)) {
            throw new IOException("no request came through: " + line);
        }
        Work.Latency latency = new Work.Latency(
                number(numbers, "p50_us"),
                number(numbers, "p99_us"),
                number(numbers, "p999_us"),
                number(numbers, "max_us"));
        return new Work(units, seconds, numbers.path("failures").asLong(), latency);
    }

    private static double number(JsonNode numbers, String name) {
        return numbers.path(name).asDouble(Double.NaN);
    }

    private void expect(String line, int timeoutSeconds) throws IOException, InterruptedException {
        String got = process.next(timeoutSeconds);
        if (!got.equals(line)) {
            throw new IOException("load generator: '" + got + "' instead of '" + line + "'");
        }
    }

    private static List<String> command(Workload workload, Link link, int seconds) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens",
                "java.base/jdk.internal.misc=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                MAIN,
                workload.family()));
        words.addAll(List.of("--target", "127.0.0.1:" + link.port()));
        words.addAll(List.of("--backend-port", Integer.toString(link.backendPort())));
        words.addAll(List.of("--seconds", Integer.toString(seconds)));
        return words;
    }

    @Override
    public void close() {
        process.close();
    }
}
