package io.penstock.perf.change;

import io.penstock.perf.change.balancers.Forwarder;
import io.penstock.perf.change.clients.MalformedHeaders;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * PROXY protocol headers that have something wrong in them, where a header is required: as many on connections of their own
 * as the time allows, the rest through the forwarder's codec in this process.
 */
final class MalformedProxyHeaders implements Scenario {
    private static final int WARM_UP_S = 2;
    private static final long END_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final double BYTES_PER_MIB = 1 << 20;
    private static final double HEAP_GROWTH_MIB = 1;
    private static final long SEED = 0x9e37;

    @Override
    public List<Findings> run(Rig rig) throws IOException, InterruptedException {
        try (Stage stage = new Stage();
                Forwarder forwarder = Forwarder.start(rig.launcher(), rig.newDirectory(), rig.cores(), yaml(stage))) {
            rig.progress().accept("attack: malformed PROXY headers");
            // For the forwarder to grow what it keeps.
            send(stage, WARM_UP_S);
            // First the heap: who asks a JVM for it makes it listen for such questions.
            long heapBefore = forwarder.heapBytes();
            int objectsBefore = forwarder.openKernelObjects();
            MalformedHeaders sent = send(stage, rig.lengths().malformedSeconds());
            int objectsLeft = KernelObjects.settled(forwarder, objectsBefore) - objectsBefore;
            double heapGrowth = (forwarder.heapBytes() - heapBefore) / BYTES_PER_MIB;
            forwarder.requireAlive();
            CodecRun codec = CodecRun.of(new HeaderFuzzer(~SEED), rig.lengths().malformed() - sent.closed());
            return List.of(table(stage, sent, codec, objectsLeft, heapGrowth));
        }
    }

    private static MalformedHeaders send(Stage stage, int seconds) throws IOException, InterruptedException {
        MalformedHeaders headers =
                stage.begin(events -> new MalformedHeaders(events, stage.target(), new HeaderFuzzer(SEED)));
        TimeUnit.SECONDS.sleep(seconds);
        stage.loop().call(() -> {
            headers.stop();
            return headers;
        });
        stage.loop().await(headers::isQuiet, END_TIMEOUT_NS);
        stage.loop().end(headers);
        return headers;
    }

    private static Findings table(
            Stage stage, MalformedHeaders sent, CodecRun codec, int objectsLeft, double heapGrowth)
            throws IOException, InterruptedException {
        return new Findings("attack.malformed", "Malformed PROXY protocol headers, fuzzed", List.of("penstock"))
                .atLeast(1, "on connections of their own", "sent", "", sent.closed())
                .exactly(0, "not closed", "not-closed", "", sent.failures().count())
                .report("through the codec", "parsed", "", codec.parsed())
                .exactly(0, "taken for a header", "parsed-valid", "", codec.valid())
                .exactly(0, "not seen to be wrong", "parsed-undecided", "", codec.undecided())
                .exactly(0, "connections at backends", "accepted", "", (double) stage.accepted())
                .exactly(0, "bytes at backends", "bytes", "", (double) stage.receivedBytes())
                .exactly(0, "sockets left", "sockets-left", "", Math.max(0, objectsLeft))
                .atMost(HEAP_GROWTH_MIB, "heap grown by", "heap-growth", "MiB", heapGrowth)
                .note("Not closed", sent.failures().toString());
    }

    private static String yaml(Stage stage) {
        return """
                workers: 1
                services:
                  attacked:
                    listen: "%s"
                    pool: attacked
                    proxy-protocol: { from: ["127.0.0.0/8"], timeout: 3s, require: true }
                pools:
                  attacked: { balance: { policy: round-robin }, health: none, backends: ["%s", "%s"] }
                """.formatted(stage.target(), stage.backend(0), stage.backend(1));
    }
}
