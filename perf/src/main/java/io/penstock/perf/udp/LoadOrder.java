package io.penstock.perf.udp;

import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A run as the rig is asked for it: a line of options. */
@Command(name = "run")
final class LoadOrder {
    private static final int LOCALHOST = 0x7f000001;

    @Option(names = "--target-port", required = true)
    int targetPort;

    /** Whether clients and backend have the kernel put datagrams together and cut them. */
    @Option(names = "--grouping")
    boolean grouping;

    @Option(names = "--lanes", required = true)
    int lanes;

    /** Of a lane: how many may wait for an answer. */
    @Option(names = "--window", defaultValue = "1")
    int window;

    /** How many are sent at once, all from one flow. */
    @Option(names = "--burst", defaultValue = "1")
    int burst;

    /** As many as lanes: each has its own. More: they take turns, whichever lane it is that sends. */
    @Option(names = "--flows", required = true)
    int flows;

    @Option(names = "--size", required = true)
    int size;

    @Option(names = "--warm-up-ms", defaultValue = "200")
    int warmUpMs;

    @Option(names = "--measure-ms", required = true)
    int measureMs;

    /** Processes whose CPU time is read around the measured time. */
    @Option(names = "--pids", split = ",")
    List<Long> pids = new ArrayList<>();

    IpAddress target() {
        return IpAddress.ofIpv4(LOCALHOST);
    }
}
