package io.penstock.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The generator as a rig sees it: a process, lines in, lines out. Killed by {@link #close} if it has not ended. */
final class LoadProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final Writer in;

    private LoadProcess(Process process) {
        this.process = process;
        out = process.inputReader(StandardCharsets.US_ASCII);
        in = process.outputWriter(StandardCharsets.US_ASCII);
    }

    /** Starts it with a second of measured time and short warm-ups. */
    static LoadProcess start(String workload, int targetPort, int backendPort, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                LoadMain.class.getName(),
                workload,
                "--target=127.0.0.1:" + targetPort,
                "--backend-port=" + backendPort,
                "--seconds=1",
                "--warm-up-ms=10",
                "--self-warm-up-ms=20"));
        command.addAll(List.of(options));
        return new LoadProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    LoadProcess expect(String line) throws IOException {
        assertEquals(line, out.readLine());
        return this;
    }

    LoadProcess say(String line) throws IOException {
        in.write(line + '\n');
        in.flush();
        return this;
    }

    /** A whole run. */
    Map<String, Double> run(String go) throws IOException {
        return say(go).expect("start").expect("end").result();
    }

    /** One line of JSON: an object of numbers and nothing else. */
    Map<String, Double> result() throws IOException {
        Map<String, Double> numbers = new LinkedHashMap<>();
        String line = out.readLine();
        try (JsonParser json = new JsonFactory().createParser(line)) {
            assertEquals(JsonToken.START_OBJECT, json.nextToken());
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                json.nextToken();
                numbers.put(name, json.getDoubleValue());
            }
            assertEquals(JsonToken.END_OBJECT, json.currentToken());
        }
        return numbers;
    }

    LoadProcess endInput() throws IOException {
        in.close();
        return this;
    }

    /** The exit code; nothing more may have been said. */
    int exitCode() throws IOException, InterruptedException {
        expect(null);
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
