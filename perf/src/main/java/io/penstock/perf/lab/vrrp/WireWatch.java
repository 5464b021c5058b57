package io.penstock.perf.lab.vrrp;

import io.penstock.perf.rig.LineProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What comes to the client's network about the VIP, by tcpdump with the kernel's time stamps. Safe from any thread. */
final class WireWatch implements AutoCloseable {
    private final LineProcess tcpdump;
    private final String vip;
    private final List<WireEvent> events = new ArrayList<>();
    private final Thread reader = new Thread(this::read, "wire");
    private String trouble = "";

    private WireWatch(LineProcess tcpdump, String vip) {
        this.tcpdump = tcpdump;
        this.vip = vip;
        reader.setDaemon(true);
        reader.start();
    }

    /** In the namespace of this process. */
    static WireWatch start(String device, String vip, Path scratch) throws IOException {
        String filter = "ip proto 112 or arp or (tcp and src host " + vip + " and tcp[tcpflags] & tcp-syn != 0)";
        return new WireWatch(
                LineProcess.start(
                        List.of(
                                "tcpdump",
                                "-i",
                                device,
                                "-n",
                                "-e",
                                "-tt",
                                "-l",
                                "--immediate-mode",
                                "--time-stamp-precision=nano",
                                "-s",
                                "128",
                                "-B",
                                "4096",
                                filter),
                        scratch.resolve("tcpdump.log")),
                vip);
    }

    private void read() {
        try {
            while (true) {
                WireEvent.of(tcpdump.next((int) TimeUnit.DAYS.toSeconds(1)), vip)
                        .ifPresent(this::add);
            }
        } catch (IOException | InterruptedException ended) {
            fail(ended.toString());
        }
    }

    private synchronized void add(WireEvent event) {
        events.add(event);
        notifyAll();
    }

    private synchronized void fail(String reason) {
        trouble = reason;
        notifyAll();
    }

    /** How many there have been: what comes from here on is new. */
    synchronized int mark() {
        return events.size();
    }

    synchronized List<WireEvent> since(int mark) {
        return List.copyOf(events.subList(mark, events.size()));
    }

    /** Waits for the first one after a mark that is so. */
    synchronized WireEvent await(int mark, String what, Duration limit, Predicate<WireEvent> wanted)
            throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + limit.toNanos();
        for (int i = mark; ; i++) {
            while (i >= events.size()) {
                long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
                if (leftMs <= 0 || !trouble.isEmpty()) {
                    throw new IOException("no " + what + " within " + limit.toSeconds() + " s " + trouble);
                }
                wait(leftMs);
            }
            if (wanted.test(events.get(i))) {
                return events.get(i);
            }
        }
    }

    @Override
    public void close() {
        tcpdump.close();
    }
}
