package io.penstock.forwarder.it;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.penstock.testing.Tools;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/** Debian's prometheus, that scrapes one forwarder once a second; {@link #close} ends it. */
final class PrometheusServer implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    private final Process process;
    private final String url;
    private final HttpClient http = HttpClient.newHttpClient();

    private PrometheusServer(Process process, int port) {
        this.process = process;
        url = "http://127.0.0.1:" + port + "/";
    }

    /** @param rules a file of alert rules */
    static PrometheusServer start(Path directory, int adminPort, Path rules) throws Exception {
        Tools.assume("prometheus");
        int port = Ports.free();
        Path config = Files.writeString(directory.resolve("prometheus.yml"), """
                global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
                rule_files: ["%s"]
                scrape_configs:
                  - job_name: penstock
                    static_configs: [{ targets: ["127.0.0.1:%d"] }]
                """.formatted(rules, adminPort));
        Process process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("tsdb"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--log.level=warn")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("prometheus.log").toFile())
                .start();
        PrometheusServer server = new PrometheusServer(process, port);
        try {
            Await.until(
                    () -> "prometheus: " + directory.resolve("prometheus.log"),
                    START_LIMIT,
                    () -> process.isAlive() && server.isReady());
        } catch (Exception | Error e) {
            server.close();
            throw e;
        }
        return server;
    }

    private boolean isReady() throws InterruptedException {
        try {
            return get("-/ready").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(ANSWER_LIMIT)
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private JsonElement data(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get(path);
        JsonObject answer = JsonParser.parseString(response.body()).getAsJsonObject();
        if (!answer.get("status").getAsString().equals("success")) {
            throw new IOException(path + ": " + response.body());
        }
        return answer.get("data");
    }

    /** The series that an expression has now. */
    JsonArray query(String expression) throws IOException, InterruptedException {
        return data("api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                .getAsJsonObject()
                .getAsJsonArray("result");
    }

    /** Every name that was scraped so far. */
    Set<String> names() throws IOException, InterruptedException {
        Set<String> names = new TreeSet<>();
        data("api/v1/label/__name__/values").getAsJsonArray().forEach(name -> names.add(name.getAsString()));
        return names;
    }

    /** The labels of each alert of this name that fires. */
    Set<String> firing(String alert) throws IOException, InterruptedException {
        Set<String> firing = new TreeSet<>();
        for (JsonElement one : data("api/v1/alerts").getAsJsonObject().getAsJsonArray("alerts")) {
            JsonObject labels = one.getAsJsonObject().getAsJsonObject("labels");
            if (labels.get("alertname").getAsString().equals(alert)
                    && one.getAsJsonObject().get("state").getAsString().equals("firing")) {
                firing.add(labels.has("backend") ? labels.get("backend").getAsString() : labels.toString());
            }
        }
        return firing;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
