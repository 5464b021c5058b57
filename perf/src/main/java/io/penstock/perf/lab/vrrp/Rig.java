package io.penstock.perf.lab.vrrp;

import io.penstock.perf.lab.LabScript;
import io.penstock.perf.lab.vrrp.WireEvent.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The two hosts, by their MAC addresses, and the wire to the client. */
final class Rig {
    /** Of which the first is to have the VIP. */
    static final String FIRST = "f1";

    static final String SECOND = "f2";
    static final int FIRST_PRIORITY = 150;
    static final int SECOND_PRIORITY = 100;

    /** Advertisements in a row. */
    private static final int QUIET = 3;

    private static final Pattern MAC = Pattern.compile("link/ether ([0-9a-f:]{17})");

    private final LabScript lab;
    private final String vip;
    private final WireWatch wire;
    private final Path agent;
    private final Path scratch;
    private final String firstMac;
    private final String secondMac;

    Rig(LabScript lab, String vip, WireWatch wire, Path agent, Path scratch) throws IOException, InterruptedException {
        this.lab = lab;
        this.vip = vip;
        this.wire = wire;
        this.agent = agent;
        this.scratch = scratch;
        firstMac = mac(FIRST);
        secondMac = mac(SECOND);
    }

    private String mac(String host) throws IOException, InterruptedException {
        Matcher mac = MAC.matcher(lab.ip(host, "link", "show", "dev", "lan"));
        if (!mac.find()) {
            throw new IOException(host + " has no lan");
        }
        return mac.group(1);
    }

    WireWatch wire() {
        return wire;
    }

    /** Not running yet. */
    Speaker speaker(Contestant contestant, String host, Duration interval) throws IOException {
        Path directory = Files.createTempDirectory(scratch, host + "-" + contestant);
        int priority = host.equals(FIRST) ? FIRST_PRIORITY : SECOND_PRIORITY;
        Path configuration = Files.writeString(
                directory.resolve("configuration"), contestant.configuration(vip, priority, interval));
        return new Speaker(lab, host, vip, directory, contestant.command(agent, directory, configuration));
    }

    boolean isFirst(WireEvent event) {
        return event.mac().equals(firstMac);
    }

    boolean isSecond(WireEvent event) {
        return event.mac().equals(secondMac);
    }

    static boolean isAlive(WireEvent event) {
        return event.kind() == Kind.ADVERTISEMENT && event.priority() > 0;
    }

    /** Until the first one advertises, and the second one no longer does. */
    void awaitFirst(Duration interval) throws IOException, InterruptedException {
        Duration limit = Duration.ofSeconds(30).plus(interval.multipliedBy(10));
        int mark = wire.mark();
        for (int quiet = 0; quiet < QUIET; ) {
            WireEvent next = wire.await(mark, "advertisement of " + FIRST, limit, Rig::isAlive);
            mark = after(mark, next);
            quiet = isFirst(next) ? quiet + 1 : 0;
        }
    }

    private int after(int mark, WireEvent event) {
        return mark + wire.since(mark).indexOf(event) + 1;
    }
}
