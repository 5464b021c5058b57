package io.penstock.perf.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.perf.rig.ListeningPorts;
import io.penstock.perf.rig.ServerProcess;
import io.penstock.perf.rig.ToolRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** iperf3 at both ends, with four streams. Units are gigabytes (1e9) that were received. */
final class IperfLoad implements Load {
    private static final double GIGA = 1e9;
    private static final int SLACK_S = 30;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> command;
    private final ServerProcess server;

    /** Starts the server. */
    IperfLoad(Workload workload, Link link, Setting setting, Path directory) throws IOException, InterruptedException {
        String iperf = Tools.require("iperf3").toString();
        List<String> serving =
                List.of(iperf, "--server", "--bind", "127.0.0.1", "--port", Integer.toString(link.backendPort()));
        server = ServerProcess.start(setting.cores().forLoad(serving), directory.resolve("backend.log"), Map.of());
        if (!server.await(() -> ListeningPorts.contains(link.backendPort()))) {
            throw new IOException("iperf3 did not start: " + server.logTail(5));
        }
        List<String> words = new ArrayList<>(List.of(
                iperf, "--json", "--parallel", "4", "--client", "127.0.0.1", "--port", Integer.toString(link.port())));
        switch (workload) {
            case BULK_DOWNLOAD -> words.add("--reverse");
            case BULK_UPLOAD -> {}
            case BULK_BOTH -> words.add("--bidir");
            default -> throw new IllegalArgumentException(workload.label());
        }
        command = setting.cores().forLoad(words);
    }

    @Override
    public Work run(int seconds, Pace pace, Window window) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of("--time", Integer.toString(seconds)));
        window.open();
        ToolRun run = ToolRun.of(words, seconds + SLACK_S);
        window.close();
        return parse(run.output());
    }

    /** The report of {@code iperf3 --json}, an error included. */
    static Work parse(String output) throws IOException {
        JsonNode report = JSON.readTree(output);
        if (report.hasNonNull("error")) {
            throw new IOException("iperf3: " + report.get("error").asText());
        }
        JsonNode end = report.path("end");
        double bytes = end.path("sum_received").path("bytes").asDouble()
                + end.path("sum_received_bidir_reverse").path("bytes").asDouble();
        double seconds = end.path("sum_received").path("seconds").asDouble();
        if (!(bytes > 0) || !(seconds > 0)) {
            throw new IOException("iperf3: nothing was received: " + output.trim());
        }
        return new Work(bytes / GIGA, seconds, 0, Work.Latency.NONE);
    }

    @Override
    public void close() {
        server.close();
    }
}
