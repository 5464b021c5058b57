package io.penstock.perf.lab.dsr;

import io.penstock.perf.rig.WrkReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The only forwarder's process is killed, told to end, and started again, each time with the program loaded anew, while requests and datagrams go
 * through it: it forwards every packet that was sent.
 */
final class RestartTrial {
    private static final Way WAY = Way.IPIP;
    private static final String SERVICE = WAY.label() + "-udp";
    private static final String HOST = "f1";
    private static final int LOAD_S = 25;
    private static final Duration SETTLE = Duration.ofSeconds(1);
    private static final long START_LIMIT_MS = 20_000;
    private static final long POLL_MS = 50;
    private static final String RUNNING = "state=running";
    private static final Pattern PROGRAM = Pattern.compile("prog/xdp id (\\d+)");

    private final Stage stage;
    private final UserPrograms programs;

    RestartTrial(Stage stage) throws IOException {
        this.stage = stage;
        programs = new UserPrograms(stage.scratch());
    }

    void run() throws IOException, InterruptedException {
        stage.timeline().title("the forwarder's process is restarted, its program replaced, under load");
        stage.breakThing("f2.withdraw");
        Thread.sleep(SETTLE.toMillis());
        double before = stage.forwarded(SERVICE);
        CountedSender sender = CountedSender.to(WAY.vip4());
        FutureTask<WrkReport> requests = new FutureTask<>(() -> programs.wrk(WAY.vip4(), LOAD_S, false));
        FutureTask<WrkReport> connections = new FutureTask<>(() -> programs.wrk(Way.L2.vip4(), LOAD_S, true));
        new Thread(requests, "wrk").start();
        new Thread(connections, "wrk-close").start();
        Thread.sleep(SETTLE.toMillis());
        int first = programId();
        restart("killed", HOST + ".forwarder");
        int second = programId();
        Thread.sleep(SETTLE.toMillis());
        restart("told to end", HOST + ".leave");
        int third = programId();
        WrkReport kept = result(requests);
        WrkReport made = result(connections);
        long sent = sender.finish();
        Thread.sleep(SETTLE.toMillis());
        double forwarded = stage.forwarded(SERVICE) - before;
        stage.heal("f2.withdraw");

        stage.figures().exactly("restarts: programs that took over", programs(first, second, third), "", 3);
        stage.figures().exactly("restarts: datagrams not forwarded", sent - forwarded, "of " + sent, 0);
        stage.figures()
                .exactly("restarts: wrk, keep-alive, failures", (double) kept.failures(), "of " + kept.requests(), 0);
        stage.figures()
                .exactly(
                        "restarts: wrk, connection per request, failures",
                        (double) made.failures(),
                        "of " + made.requests(),
                        0);
        stage.figures().report("restarts: packets forwarded since the beginning", stage.forwarded(), "");
    }

    private void restart(String how, String thing) throws IOException, InterruptedException {
        Path log = stage.scratch().resolve(HOST).resolve("forwarder.log");
        stage.timeline().now("the process is " + how);
        long told = lines(log);
        stage.lab().breakThing(thing);
        stage.lab().heal(thing);
        long deadlineNs = System.nanoTime() + START_LIMIT_MS * 1_000_000;
        while (lines(log) == told) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IOException("the forwarder did not come back: " + log);
            }
            Thread.sleep(POLL_MS);
        }
        stage.timeline().now("it runs again");
    }

    /** How often it has said that it runs. */
    private static long lines(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains(RUNNING))
                .count();
    }

    private static double programs(int first, int second, int third) {
        return IntStream.of(first, second, third).distinct().count();
    }

    /** The kernel's number of what is attached. */
    private int programId() throws IOException, InterruptedException {
        String link = stage.lab().ip(HOST, "-o", "link", "show", "dev", "lan");
        Matcher program = PROGRAM.matcher(link);
        if (!program.find()) {
            throw new IOException("no program on " + HOST + ": " + link);
        }
        return Integer.parseInt(program.group(1));
    }

    private static WrkReport result(FutureTask<WrkReport> task) throws IOException, InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IOException("wrk: " + e.getCause().getMessage(), e);
        }
    }
}
