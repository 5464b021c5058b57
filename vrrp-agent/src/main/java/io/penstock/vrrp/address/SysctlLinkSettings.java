package io.penstock.vrrp.address;

import io.penstock.netlink.Sysctls;
import io.penstock.sysctl.SysctlHolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of interfaces below {@code net.ipv4.conf} and {@code net.ipv6.conf}. Those of interfaces with virtual MAC addresses go
 * with them; those of others are put back. NOT thread safe.
 */
final class SysctlLinkSettings implements LinkSettings {
    private static final Logger LOG = LoggerFactory.getLogger(SysctlLinkSettings.class);

    private static final String IPV4 = "net.ipv4.conf.";
    private static final String IPV6 = "net.ipv6.conf.";
    private static final String STRICT = "1";

    private final Sysctls sysctls;
    private final Path stateDirectory;
    private SysctlHolder holder;

    /** Null before the first time, for what a killed run has left goes back then, whatever is wanted. */
    private Map<String, String> held;

    /** @param stateDirectory where is remembered what has to be put back */
    SysctlLinkSettings(Sysctls sysctls, Path stateDirectory) {
        this.sysctls = sysctls;
        this.stateDirectory = stateDirectory;
    }

    @Override
    public void open(int protocol) throws IOException {
        if (holder == null) {
            holder = SysctlHolder.open(sysctls, stateDirectory, "vrrp-agent", protocol);
        }
    }

    @Override
    public void prepare(String virtual) {
        String ipv4 = IPV4 + key(virtual);
        set(ipv4 + ".arp_ignore", "1");
        set(ipv4 + ".accept_local", "1");
        set(ipv4 + ".rp_filter", isStrictEverywhere() ? "2" : "0");
        String ipv6 = IPV6 + key(virtual);
        if (sysctls.exists(ipv6 + ".accept_ra")) {
            set(ipv6 + ".accept_ra", "0");
            set(ipv6 + ".autoconf", "0");
            // IN6_ADDR_GEN_MODE_NONE: no link-local address.
            set(ipv6 + ".addr_gen_mode", "1");
        }
    }

    /** Answers leave by the lower interface, which a strict filter of the way back does not allow; the stronger one of both counts. */
    private boolean isStrictEverywhere() {
        try {
            return sysctls.read(IPV4 + "all.rp_filter").equals(STRICT);
        } catch (IOException e) {
            return false;
        }
    }

    private void set(String key, String value) {
        try {
            sysctls.write(key, value);
        } catch (IOException e) {
            LOG.warn("event=setting-refused cause=\"{}\"", e.getMessage());
        }
    }

    @Override
    public void hold(Set<String> lowers, Set<String> shared) {
        Map<String, String> wanted = new LinkedHashMap<>();
        for (String lower : lowers) {
            wanted.put(IPV4 + key(lower) + ".arp_ignore", "1");
            // Not "who has the client, tell the VIP": the client would learn the wrong hardware address from that.
            wanted.put(IPV4 + key(lower) + ".arp_announce", "2");
        }
        for (String one : shared) {
            wanted.put(IPV4 + key(one) + ".promote_secondaries", "1");
        }
        if (!wanted.equals(held)) {
            held = wanted;
            warn(holder.hold(wanted));
        }
    }

    @Override
    public void release() {
        if (holder != null) {
            warn(holder.release());
        }
    }

    private static void warn(List<String> problems) {
        problems.forEach(problem -> LOG.warn("event=setting-refused cause=\"{}\"", problem));
    }

    /** As sysctl(8) has the name of an interface with a dot in it. */
    private static String key(String interfaceName) {
        return interfaceName.replace('.', '/');
    }
}
