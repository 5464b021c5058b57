package io.penstock.vrrp.keepalived;

import java.util.LinkedHashMap;
import java.util.Set;

/** Remarks on what a {@code vrrp_instance} says and a router of this agent cannot. */
final class Leftovers {
    /** Read elsewhere, as are announcements and what begins with notify. */
    private static final Set<String> KNOWN = Set.of(
            "interface",
            "virtual_router_id",
            "version",
            "priority",
            "advert_int",
            "nopreempt",
            "preempt_delay",
            "authentication",
            "virtual_ipaddress",
            "virtual_ipaddress_excluded",
            "unicast_peer",
            "unicast_src_ip",
            "mcast_src_ip",
            "unicast_ttl",
            "use_vmac",
            "state",
            "track_interface",
            "track_script",
            "track_file",
            "track_process",
            "track_bfd",
            "v3_checksum_as_v2");

    /** What is so here anyway, or concerns nobody's VIPs. */
    private static final Set<String> HARMLESS = Set.of(
            "preempt",
            "native_ipv6",
            "accept",
            "vmac_xmit_base",
            "check_unicast_src",
            "track_src_ip",
            "smtp_alert",
            "debug",
            "garp_lower_prio_delay",
            "garp_lower_prio_repeat",
            "garp_master_refresh_repeat",
            "higher_prio_send_advert",
            "promote_secondaries",
            "kernel_rx_buf_size",
            "lvs_sync_daemon_interface",
            "unicast_fault_no_peer",
            "linkbeat_use_polling");

    private final Numbers numbers;
    private final Remarks remarks;

    Leftovers(Numbers numbers, Remarks remarks) {
        this.numbers = numbers;
        this.remarks = remarks;
    }

    void remark(Statement line) {
        String name = line.name();
        if (KNOWN.contains(name)
                || name.startsWith("notify")
                || Globals.announcement(new LinkedHashMap<>(), line, "", numbers)) {
            return;
        }
        if (HARMLESS.contains(name)) {
            remarks.leftOut(line.place(), name);
        } else if (name.equals("no_accept") || name.equals("strict_mode")) {
            remarks.different(line.place(), name + ": packets to the VIPs are accepted here");
        } else if (name.equals("old_unicast_checksum")) {
            oldChecksum(line);
        } else if (name.equals("dont_track_primary")) {
            remarks.different(line.place(), "the router's own interface always counts here");
        } else {
            remarks.different(line.place(), name + " is not offered");
        }
    }

    private void oldChecksum(Statement line) {
        if (line.argument(0).map(Word::text).filter("never"::equals).isPresent()) {
            remarks.leftOut(line.place(), "old_unicast_checksum never");
        } else {
            remarks.different(
                    line.place(),
                    "the checksum of keepalived before 1.3.7 is not offered: such a peer hears nothing of this host");
        }
    }
}
