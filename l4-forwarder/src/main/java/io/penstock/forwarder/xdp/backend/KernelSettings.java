package io.penstock.forwarder.xdp.backend;

import io.penstock.netlink.Sysctls;
import io.penstock.sysctl.SysctlHolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Settings of IPv4 that keep a VIP from being told of on the network and let its packets in. Of each the larger of the interface's value
 * and that of {@code all} counts (ip-sysctl.rst). IPv6 has none of these: an address of lo is not told of there, and the way back is not
 * asked for.
 */
final class KernelSettings implements Step {
    private static final String PREFIX = "net.ipv4.conf.";

    /** Of the file with what was before; no other agent of this name has another. */
    private static final int PROTOCOL = 0;

    private final BackendPlan plan;
    private final Sysctls sysctls;
    private final Path stateDirectory;

    /**
     * @param stateDirectory where what was before is remembered
     */
    KernelSettings(BackendPlan plan, Sysctls sysctls, Path stateDirectory) {
        this.plan = plan;
        this.sysctls = sysctls;
        this.stateDirectory = stateDirectory;
    }

    /**
     * One of them.
     *
     * @param wanted what the interface is given
     * @param right values that do
     */
    private record Setting(String device, String name, int wanted, Set<Integer> right, String why) {
        /** As sysctl(8) has it: a dot of the device's name is a slash. */
        String key() {
            return PREFIX + device.replace('.', '/') + "." + name;
        }

        String keyOfAll() {
            return PREFIX + "all." + name;
        }

        String needs() {
            return right.stream().sorted().map(String::valueOf).collect(Collectors.joining(" or "));
        }
    }

    /** Each once. None for a VIP of IPv6. */
    private static List<Setting> settings(List<Claim> claims) {
        return claims.stream()
                .filter(claim -> claim.vip().isIpv4())
                .flatMap(claim -> settings(claim.interfaceName(), claim.arrival()).stream())
                .distinct()
                .toList();
    }

    private static List<Setting> settings(String device, String arrival) {
        return List.of(
                new Setting(
                        device,
                        "arp_ignore",
                        1,
                        Set.of(1, 2, 8),
                        "this host answers ARP for the VIP, and takes it from the forwarders"),
                new Setting(
                        device,
                        "arp_announce",
                        2,
                        Set.of(2),
                        "this host's ARP requests say that the VIP is at its MAC address"),
                new Setting(
                        arrival,
                        "rp_filter",
                        2,
                        Set.of(0, 2),
                        "packets of clients whose way back is by another interface are dropped"));
    }

    @Override
    public String name() {
        return "kernel settings";
    }

    @Override
    public List<Finding> check(Surroundings host, HostRecord record) throws IOException {
        List<Finding> findings = new ArrayList<>();
        for (Setting setting : settings(Claim.of(plan))) {
            boolean exists = sysctls.exists(setting.key());
            int all = value(setting.keyOfAll());
            int has = exists ? Math.max(all, value(setting.key())) : all;
            findings.add(Finding.of(
                    exists && setting.right().contains(has),
                    setting.key(),
                    exists ? Integer.toString(has) : "no interface",
                    setting.needs(),
                    setting.why(),
                    "sysctl -w " + keyToSet(setting, all) + "=" + setting.wanted()));
        }
        return findings;
    }

    /** That of all interfaces only where its value spoils this one's. */
    private static String keyToSet(Setting setting, int all) {
        return setting.right().contains(Math.max(all, setting.wanted())) ? setting.key() : setting.keyOfAll();
    }

    private int value(String key) throws IOException {
        String text = sysctls.read(key);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IOException(key + " is no number: " + text, e);
        }
    }

    private int inForce(Setting setting) throws IOException {
        return Math.max(value(setting.keyOfAll()), value(setting.key()));
    }

    /**
     * Those of every call: an address of lo is answered for on all interfaces, so that one that an earlier call has set is needed for this
     * one's VIP too, and none is put back before the last VIP is gone.
     */
    @Override
    public List<String> prepare(Surroundings host, HostRecord record) throws IOException {
        List<Setting> needed = new ArrayList<>(settings(Claim.of(plan)));
        settings(record.claims()).stream()
                .filter(setting -> !needed.contains(setting) && sysctls.exists(setting.key()))
                .forEach(needed::add);
        List<String> problems = new ArrayList<>();
        Map<String, String> wanted = new LinkedHashMap<>();
        List<String> done = new ArrayList<>();
        for (Setting setting : needed) {
            try {
                String key = keyToSet(setting, value(setting.keyOfAll()));
                boolean right = setting.right().contains(inForce(setting));
                // One that has the value by our own hand stays held; one that is right otherwise is its owner's.
                if (!right || value(key) == setting.wanted()) {
                    wanted.put(key, Integer.toString(setting.wanted()));
                }
                if (!right) {
                    done.add("set " + key + " = " + setting.wanted());
                }
            } catch (IOException unreadable) {
                problems.add(unreadable.getMessage());
            }
        }
        problems.addAll(holder().holdAlso(wanted));
        refuse(problems);
        for (Setting setting : needed) {
            int has = inForce(setting);
            if (!setting.right().contains(has)) {
                problems.add(setting.key() + " is " + has + " although it was set to " + setting.wanted());
            }
        }
        refuse(problems);
        return done;
    }

    @Override
    public List<String> remove(Surroundings host, HostRecord record) throws IOException {
        if (!record.isDone()) {
            return List.of();
        }
        SysctlHolder holder = holder();
        boolean holding = holder.isHolding();
        refuse(holder.release());
        return holding ? List.of("put kernel settings back to what they were") : List.of();
    }

    private SysctlHolder holder() throws IOException {
        return SysctlHolder.open(sysctls, stateDirectory, "xdp-backend", PROTOCOL);
    }

    private static void refuse(List<String> problems) throws IOException {
        if (!problems.isEmpty()) {
            throw new IOException(String.join("; ", problems));
        }
    }
}
