package io.penstock.forwarder.client.xdp;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.penstock.cli.OutputOptions;
import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.RingBuffer;
import io.penstock.forwarder.xdp.TraceLock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows packets as the program sees them. */
@Command(
        name = "trace",
        description = {
            "Shows packets that are forwarded, one line each, with the backend that each goes to, until it is stopped.",
            "One of so many is shown, chosen by chance. What comes faster than it is read is not shown, and is forwarded"
                    + " as ever. Two at a time take packets from each other."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  l4-forwarder xdp trace --count 20", "  l4-forwarder xdp trace --every 1000 --seconds 60 --json"})
final class TraceCommand extends PlaneCommand {
    /** How often it looks whether it shall end. */
    private static final int POLL_MS = 200;

    private static final int RESTORE_WAIT_S = 2;

    @Option(
            names = "--every",
            paramLabel = "PACKETS",
            defaultValue = "1",
            description = "One of so many, 1 or more. Default: 1, all of them.")
    private int every;

    @Option(names = "--count", paramLabel = "COUNT", defaultValue = "0", description = "End after so many lines.")
    private long count;

    @Option(names = "--seconds", paramLabel = "SECONDS", defaultValue = "0", description = "End after so long.")
    private long seconds;

    @Mixin
    private OutputOptions output;

    private final Gson gson = new GsonBuilder().disableHtmlEscaping().create();
    private final CountDownLatch restored = new CountDownLatch(1);
    private volatile boolean stopped;
    private long shown;

    @Override
    int run(String name) throws PlaneException, BpfException {
        if (every < 1) {
            throw new PlaneException("--every must be at least 1 (was " + every + ")");
        }
        // A signal ends the process only after this: a trace that nobody reads costs each packet.
        Thread stop = new Thread(this::stop, "fwd-xdp-stop");
        Optional<TraceLock> reads = Optional.empty();
        try (PinnedPlane plane = PinnedPlane.open(name)) {
            reads = TraceLock.hold(name);
            if (plane.traceEvery() != 0) {
                complain(
                        "one of " + plane.traceEvery() + " packets was being traced: by another command, which this one"
                                + " takes over from, or by one that was killed");
            }
            Runtime.getRuntime().addShutdownHook(stop);
            PlaneNames names = PlaneNames.read(plane.namesFile());
            TraceEntry.Clock clock = new TraceEntry.Clock(Instant.now(), System.nanoTime());
            try (RingBuffer traces = RingBuffer.open(plane.map("traces"), entry -> {
                if (entry.capacity() >= TraceEntry.BYTES && !isEnough()) {
                    show(TraceEntry.read(entry, names, clock));
                }
            })) {
                plane.traceEvery(every);
                follow(traces, clock.nowNs());
            } finally {
                plane.traceEvery(0);
            }
        } finally {
            reads.ifPresent(TraceLock::close);
            restored.countDown();
            forget(stop);
        }
        return ExitCode.OK;
    }

    private void follow(RingBuffer traces, long sinceNs) throws BpfException {
        long lengthNs = TimeUnit.SECONDS.toNanos(seconds);
        while (!stopped && !isEnough() && (seconds <= 0 || System.nanoTime() - sinceNs < lengthNs)) {
            int unused = traces.poll(POLL_MS);
            out().flush();
        }
    }

    private boolean isEnough() {
        return count > 0 && shown >= count;
    }

    private void show(JsonObject packet) {
        out().println(output.isJson() ? gson.toJson(packet) : TraceEntry.line(packet));
        shown++;
    }

    private void stop() {
        stopped = true;
        try {
            if (!restored.await(RESTORE_WAIT_S, TimeUnit.SECONDS)) {
                complain("the trace was not turned off; 'l4-forwarder xdp trace --seconds 1' does");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void forget(Thread stop) {
        try {
            Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException goingDown) {
            // It is that hook which waits.
        }
    }
}
