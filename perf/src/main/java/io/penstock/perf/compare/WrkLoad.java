package io.penstock.perf.compare;

import io.penstock.perf.rig.ListeningPorts;
import io.penstock.perf.rig.ServerProcess;
import io.penstock.perf.rig.ToolRun;
import io.penstock.perf.rig.WrkReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** wrk with 50 connections on one thread, and nginx as the backend. */
final class WrkLoad implements Load {
    private static final int SLACK_S = 30;

    private final List<String> command;
    private final ServerProcess backend;

    /** Starts the backend. */
    WrkLoad(boolean connectionPerRequest, Link link, Setting setting, Path directory)
            throws IOException, InterruptedException {
        Path config = directory.resolve("backend.conf");
        Files.writeString(config, NginxConfig.backend(link.backendPort(), directory));
        Path log = directory.resolve("backend.log");
        backend = ServerProcess.start(setting.cores().forLoad(NginxConfig.command(config, directory)), log, Map.of());
        if (!backend.await(() -> ListeningPorts.contains(link.backendPort()))) {
            throw new IOException("nginx did not start: " + backend.logTail(5));
        }
        List<String> words = new ArrayList<>(List.of(Tools.require("wrk").toString(), "-t1", "-c50"));
        if (connectionPerRequest) {
            words.addAll(List.of("-H", "Connection: close"));
        }
        words.add("http://127.0.0.1:" + link.port() + "/");
        command = setting.cores().forLoad(words);
    }

    @Override
    public Work run(int seconds, Pace pace, Window window) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(command);
        words.add("-d" + seconds + "s");
        window.open();
        String output = ToolRun.outputOf(words, seconds + SLACK_S);
        window.close();
        return parse(output);
    }

    /** The summary that wrk prints. */
    static Work parse(String output) throws IOException {
        WrkReport report = WrkReport.parse(output);
        return new Work(report.requests(), report.seconds(), report.failures(), Work.Latency.NONE);
    }

    @Override
    public void close() {
        backend.close();
    }
}
