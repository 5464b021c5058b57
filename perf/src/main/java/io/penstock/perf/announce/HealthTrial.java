package io.penstock.perf.announce;

import io.penstock.perf.Figures;
import io.penstock.perf.announce.Packet.Kind;
import io.penstock.perf.compare.Series;
import io.penstock.perf.rig.LineProcess;
import io.penstock.perf.rig.ToolRun;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A VIP whose service dies again and again, under a client that sends without a pause: from the last probe that failed to the daemon's
 * UPDATE, as captured and by the agent's own log, and from there to the last packet that the router still led here.
 */
final class HealthTrial {
    private static final String VIP = "192.0.2.10";
    private static final double WITHDRAWN_MS = 20;
    private static final double NANOS_PER_MILLI = 1e6;

    /** Between two packets of the client, in seconds. */
    private static final String PACE = "0.002";

    /** Until packets that were on their way have come, and the capture has told. */
    private static final long SETTLE_MS = 500;

    private static final Pattern SENT = Pattern.compile(" event=withdrawn .* sent-after-ms=([0-9.]+)");

    private final Host host;
    private final Neighbour neighbour;
    private final Path scratch;
    private final PrintStream out;
    private final List<Double> captured = new ArrayList<>();
    private final List<Double> logged = new ArrayList<>();
    private final List<Double> led = new ArrayList<>();

    HealthTrial(Host host, Neighbour neighbour, Path scratch, PrintStream out) {
        this.host = host;
        this.neighbour = neighbour;
        this.scratch = scratch;
        this.out = out;
    }

    void run(int rounds, Figures figures) throws IOException, InterruptedException {
        ToolRun.outputOf(List.of("ip", "address", "add", VIP + "/32", "dev", "lo"), 10);
        try (Service service = Service.start();
                Capture capture = Capture.start(Packet.filter(VIP, service.port()), scratch.resolve("tcpdump.log"))) {
            host.startAgent(
                    List.of("web: { prefix: " + VIP + "/32, hold-down: off, health: { tcp: {}, address: 127.0.0.1,"
                            + " port: " + service.port() + ", interval: 200ms, timeout: 200ms, rise: 1, fall: 3 } }"));
            awaitRoutes(1);
            try (LineProcess client =
                    LineProcess.start(neighbour.onIt("ping", "-q", "-i", PACE, VIP), scratch.resolve("client.log"))) {
                out.println("  the client behind the router is a ping, PID " + client.pid());
                for (int round = 1; round <= rounds; round++) {
                    lose(service, capture);
                    out.printf(
                            "  %d: the last failed probe to the withdrawal %.2f ms, to the last packet %.2f ms more%n",
                            round, last(captured), last(led));
                }
            }
            host.stopAgent();
        }
        Series wire = new Series(captured);
        figures.report("health lost: the last failed probe to the UPDATE on the wire, median", wire.median(), "ms");
        figures.atMost(
                "health lost: the last failed probe to the UPDATE on the wire, most", wire.max(), "ms", WITHDRAWN_MS);
        Series log = new Series(logged);
        figures.report("health lost: the same to the call at the daemon, by the log, median", log.median(), "ms");
        figures.atMost(
                "health lost: the same to the call at the daemon, by the log, most", log.max(), "ms", WITHDRAWN_MS);
        Series packets = new Series(led);
        figures.report("health lost: the UPDATE to the last packet from the router, median", packets.median(), "ms");
        figures.report("health lost: the UPDATE to the last packet from the router, most", packets.max(), "ms");
    }

    private void lose(Service service, Capture capture) throws IOException, InterruptedException {
        // So that the client has been led here for a while.
        Thread.sleep(SETTLE_MS);
        capture.forget();
        int toldBefore = host.agentLog().length();
        service.refuse();
        awaitRoutes(0);
        Thread.sleep(SETTLE_MS);
        List<Packet> packets = capture.all();
        long withdrawnNs = packets.stream()
                .filter(packet -> packet.kind() == Kind.WITHDRAWAL)
                .mapToLong(Packet::atNs)
                .findFirst()
                .orElseThrow(() -> new IOException("no withdrawal was captured; see tcpdump.log"));
        long refusedNs = packets.stream()
                .filter(packet -> packet.kind() == Kind.REFUSAL && packet.atNs() < withdrawnNs)
                .mapToLong(Packet::atNs)
                .max()
                .orElseThrow(() -> new IOException("no refused probe was captured"));
        long lastNs = packets.stream()
                .filter(packet -> packet.kind() == Kind.ARRIVAL)
                .mapToLong(Packet::atNs)
                .max()
                .orElseThrow(() -> new IOException("the client was not led here"));
        captured.add((withdrawnNs - refusedNs) / NANOS_PER_MILLI);
        // The router may have had none to send in between.
        led.add(Math.max(0, lastNs - withdrawnNs) / NANOS_PER_MILLI);
        Matcher sent = SENT.matcher(host.agentLog().substring(toldBefore));
        if (!sent.find()) {
            throw new IOException("the agent's log has no withdrawal");
        }
        logged.add(Double.parseDouble(sent.group(1)));
        service.takeAgain();
        awaitRoutes(1);
    }

    private void awaitRoutes(int count) throws IOException, InterruptedException {
        Polling.millisUntil("routes of the neighbour", System.nanoTime(), count, neighbour::routes);
    }

    private static double last(List<Double> all) {
        return all.get(all.size() - 1);
    }
}
