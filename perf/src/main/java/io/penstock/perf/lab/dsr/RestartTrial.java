package io.penstock.perf.lab.dsr;

import io.penstock.perf.rig.WrkReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The only forwarder's process is killed and started again, told to end and started again, and replaced by one that takes over from it while it runs,
 * each time with the program loaded anew, while requests and datagrams go through it: it forwards every packet that was sent.
 */
final class RestartTrial {
    private static final Way WAY = Way.IPIP;
    private static final String SERVICE = WAY.label() + "-udp";
    private static final String HOST = "f1";
    private static final Duration SETTLE = Duration.ofSeconds(1);
    private static final long START_LIMIT_MS = 60_000;
    private static final long POLL_MS = 50;
    private static final Pattern RUNNING = Pattern.compile("state=running");
    private static final Pattern TAKEN_OVER = Pattern.compile("event=take-over role=new .*step=done");
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
        double forwardedBefore = stage.forwarded(SERVICE);
        CountedSender sender = CountedSender.to(WAY.vip4());
        RepeatedRequests requests = RepeatedRequests.to(WAY.vip4(), programs, false);
        RepeatedRequests connections = RepeatedRequests.to(Way.L2.vip4(), programs, true);
        Thread.sleep(SETTLE.toMillis());
        Set<Integer> loaded = new HashSet<>(Set.of(programId()));
        restart("killed", HOST + ".forwarder");
        loaded.add(programId());
        Thread.sleep(SETTLE.toMillis());
        restart("told to end", HOST + ".leave");
        loaded.add(programId());
        Thread.sleep(SETTLE.toMillis());
        long before = lines(TAKEN_OVER);
        restart("taken over from", HOST + ".take-over");
        loaded.add(programId());
        double takenOver = lines(TAKEN_OVER) - before;
        Thread.sleep(SETTLE.toMillis());
        WrkReport kept = requests.finish();
        WrkReport made = connections.finish();
        long sent = sender.finish();
        Thread.sleep(SETTLE.toMillis());
        double forwarded = stage.forwarded(SERVICE) - forwardedBefore;
        stage.heal("f2.withdraw");

        stage.figures().exactly("restarts: programs that took over", loaded.size(), "", 4);
        stage.figures().exactly("restarts: processes that took over from one that ran", takenOver, "", 1);
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
        stage.timeline().now("the process is " + how);
        long told = lines(RUNNING);
        stage.lab().breakThing(thing);
        stage.lab().heal(thing);
        long deadlineNs = System.nanoTime() + START_LIMIT_MS * 1_000_000;
        while (lines(RUNNING) == told) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IOException("the forwarder did not come back: " + log());
            }
            Thread.sleep(POLL_MS);
        }
        stage.timeline().now("it runs again");
    }

    /** How often its processes have said so. */
    private long lines(Pattern words) throws IOException {
        return Files.readAllLines(log()).stream().filter(words.asPredicate()).count();
    }

    private Path log() {
        return stage.scratch().resolve(HOST).resolve("forwarder.log");
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
}
