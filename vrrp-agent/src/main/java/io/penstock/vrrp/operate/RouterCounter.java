package io.penstock.vrrp.operate;

/** What is counted of each router. */
public enum RouterCounter {
    SENT("advertisements_sent", "Advertisements that left this host."),
    SEND_FAILURES("send_failures", "Advertisements that the kernel did not take."),
    RECEIVED("advertisements_received", "Valid advertisements of this virtual router."),
    PRIORITY_ZERO_SENT("priority_zero_sent", "Advertisements that say that this host stops being active."),
    PRIORITY_ZERO_RECEIVED("priority_zero_received", "Advertisements of one that stops being active."),
    CHECKSUM_RFC5798("received_checksum_rfc5798", "Received ones whose checksum has the pseudo-header of RFC 5798."),
    CHECKSUM_RFC9568("received_checksum_rfc9568", "Received ones whose checksum is that of RFC 9568."),
    TTL_ERRORS("ttl_errors", "Refused: they came through a router."),
    CHECKSUM_ERRORS("checksum_errors", "Refused: wrong checksum."),
    VERSION_ERRORS("version_errors", "Refused: of the other version of VRRP."),
    LENGTH_ERRORS("length_errors", "Refused: too short, or of another length than they say."),
    TYPE_ERRORS("type_errors", "Refused: not an advertisement."),
    ADDRESS_ERRORS("address_errors", "Refused: no address, or one that must not be first."),
    INTERVAL_ERRORS("interval_errors", "Refused: without an interval, or in version 2 with another one."),
    AUTHENTICATION_ERRORS("authentication_errors", "Refused: other authentication, or from one who is no peer."),
    DIFFERENCES("configuration_differences", "Accepted, but configured otherwise there."),
    DUPLICATE_ACTIVES("duplicate_actives", "Advertisements of another active router while this one was active."),
    BECAME_ACTIVE("became_active", "Times that it became active."),
    LATE("late", "Times that it stepped down because no advertisement went in time."),
    ANNOUNCEMENTS("announcements", "Gratuitous ARP requests and unsolicited neighbor advertisements sent.");

    private final String metric;
    private final String help;

    RouterCounter(String metric, String help) {
        this.metric = metric;
        this.help = help;
    }

    /** As in penstock_vrrp_..._total. */
    public String metric() {
        return metric;
    }

    public String help() {
        return help;
    }
}
