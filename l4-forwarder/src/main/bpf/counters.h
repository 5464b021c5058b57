/*
 * One for each way that a packet can take. Java has them in the same order, and by these names in metrics. What is forwarded is
 * counted once, with its backend: FORWARDED is only for traces.
 */
#ifndef PENSTOCK_COUNTERS_H
#define PENSTOCK_COUNTERS_H

enum counter {
    FORWARDED = 0,
    FLOW_HIT,
    FLOW_NEW,
    FLOW_BYPASSED,
    PREVIOUS_RING,
    ICMP_STEERED,
    ICMP_ECHOED,
    TOO_BIG_ANSWERED,
    FRAGMENT_FORWARDED,
    PASS_NOT_IP,
    PASS_VLAN,
    PASS_NOT_OURS,
    PASS_NO_VIP,
    PASS_PROTOCOL,
    PASS_NO_SERVICE,
    DROP_MALFORMED,
    DROP_OPTIONS,
    DROP_EXTENSIONS,
    DROP_TTL,
    DROP_FRAGMENT_UNKNOWN,
    DROP_NO_RING,
    DROP_NO_REAL,
    DROP_NO_MAC,
    DROP_TOO_BIG,
    DROP_NO_ROOM,
    DROP_ICMP,
    COUNTERS
};

#endif
