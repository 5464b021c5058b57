package io.penstock.perf.announce;

import io.penstock.perf.rig.LineProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What comes and goes on all interfaces of this namespace, by tcpdump with the kernel's time stamps. Safe from any thread. */
final class Capture implements AutoCloseable {
    private final LineProcess tcpdump;
    private final List<Packet> packets = new ArrayList<>();

    private Capture(LineProcess tcpdump) {
        this.tcpdump = tcpdump;
        Thread reader = new Thread(this::read, "capture");
        reader.setDaemon(true);
        reader.start();
    }

    static Capture start(String filter, Path log) throws IOException {
        return new Capture(LineProcess.start(
                List.of(
                        "tcpdump",
                        "-i",
                        "any",
                        "-n",
                        "-tt",
                        "-l",
                        "--immediate-mode",
                        "--time-stamp-precision=nano",
                        "-s",
                        "128",
                        "-B",
                        "4096",
                        filter),
                log));
    }

    private void read() {
        try {
            while (true) {
                Packet.of(tcpdump.next((int) TimeUnit.DAYS.toSeconds(1))).ifPresent(this::add);
            }
        } catch (IOException | InterruptedException ended) {
            // Whoever waits for a packet gets none, and says so.
        }
    }

    private synchronized void add(Packet packet) {
        packets.add(packet);
    }

    synchronized List<Packet> all() {
        return List.copyOf(packets);
    }

    synchronized void forget() {
        packets.clear();
    }

    @Override
    public void close() {
        tcpdump.close();
    }
}
