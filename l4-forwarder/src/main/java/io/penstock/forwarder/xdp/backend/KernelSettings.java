package io.penstock.forwarder.xdp.backend;

import io.penstock.forwarder.table.Encapsulation;
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
    }

    private List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        if (!plan.hasIpv4()) {
            return settings;
        }
        String device = plan.interfaceName();
        settings.add(new Setting(
                device,
                "arp_ignore",
                1,
                Set.of(1, 2, 8),
                "this host answers ARP for the VIP, and takes it from the forwarders"));
        settings.add(new Setting(
                device,
                "arp_announce",
                2,
                Set.of(2),
                "this host's ARP requests say that the VIP is at its MAC address"));
        boolean vxlan = plan.encapsulation() == Encapsulation.VXLAN;
        settings.add(new Setting(
                vxlan ? VxlanDevice.name(plan) : device,
                "rp_filter",
                2,
                Set.of(0, 2),
                "packets of clients whose way back is by another interface are dropped"));
        return settings;
    }

    @Override
    public List<Finding> check(Surroundings host) throws IOException {
        List<Finding> findings = new ArrayList<>();
        for (Setting setting : settings()) {
            boolean exists = sysctls.exists(setting.key());
            int all = value(setting.keyOfAll());
            int has = exists ? Math.max(all, value(setting.key())) : all;
            String key = keyToSet(setting, all);
            findings.add(Finding.of(
                    exists && setting.right().contains(has),
                    setting.key(),
                    exists ? Integer.toString(has) : "no interface",
                    setting.right().stream().sorted().map(String::valueOf).collect(Collectors.joining(" or ")),
                    setting.why(),
                    "sysctl -w " + key + "=" + setting.wanted()));
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

    @Override
    public List<String> prepare(Surroundings host) throws IOException {
        Map<String, String> wanted = new LinkedHashMap<>();
        List<String> done = new ArrayList<>();
        for (Setting setting : settings()) {
            int all = value(setting.keyOfAll());
            int own = value(setting.key());
            String key = keyToSet(setting, all);
            boolean right = setting.right().contains(Math.max(all, own));
            // One that has the value by our own hand stays held; one that is right otherwise is its owner's.
            if (!right || value(key) == setting.wanted()) {
                wanted.put(key, Integer.toString(setting.wanted()));
            }
            if (!right) {
                done.add("set " + key + " = " + setting.wanted());
            }
        }
        refuse(holder().hold(wanted));
        return done;
    }

    @Override
    public List<String> remove(Surroundings host, boolean last) throws IOException {
        if (!last) {
            return List.of();
        }
        SysctlHolder holder = holder();
        boolean holding = holder.isHolding();
        refuse(holder.release());
        return holding ? List.of("put kernel settings back to what they were") : List.of();
    }

    private SysctlHolder holder() throws IOException {
        return SysctlHolder.open(sysctls, stateDirectory, "xdp-backend-" + plan.name(), PROTOCOL);
    }

    private static void refuse(List<String> problems) throws IOException {
        if (!problems.isEmpty()) {
            throw new IOException(String.join("; ", problems));
        }
    }
}
