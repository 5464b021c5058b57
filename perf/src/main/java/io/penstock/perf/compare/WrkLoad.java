package io.penstock.perf.compare;

import io.penstock.perf.rig.ListeningPorts;
import io.penstock.perf.rig.ServerProcess;
import io.penstock.perf.rig.ToolRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** wrk with 50 connections on one thread, and nginx as the backend. */
final class WrkLoad implements Load {
    private static final Pattern DONE = Pattern.compile("(\\d+) requests in ([0-9.]+)(us|ms|s|m|h),");
    private static final Pattern SOCKET_ERRORS =
            Pattern.compile("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");
    private static final Pattern OTHER_STATUS = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
    private static final Map<String, Double> SECONDS = Map.of("us", 1e-6, "ms", 1e-3, "s", 1.0, "m", 60.0, "h", 3600.0);
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
        Matcher done = DONE.matcher(output);
        if (!done.find() || Long.parseLong(done.group(1)) == 0) {
            throw new IOException("wrk: no request came through: " + output.trim());
        }
        long failures = sum(SOCKET_ERRORS, output) + sum(OTHER_STATUS, output);
        double seconds = Double.parseDouble(done.group(2)) * SECONDS.get(done.group(3));
        return new Work(Long.parseLong(done.group(1)), seconds, failures, Work.Latency.NONE);
    }

    private static long sum(Pattern pattern, String output) {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            return 0;
        }
        MatchResult numbers = matcher.toMatchResult();
        long sum = 0;
        for (int group = 1; group <= numbers.groupCount(); group++) {
            sum += Long.parseLong(numbers.group(group));
        }
        return sum;
    }

    @Override
    public void close() {
        backend.close();
    }
}
