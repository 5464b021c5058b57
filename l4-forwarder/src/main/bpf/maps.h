/* What Java and the programs share. The layouts are the ABI: whoever changes one counts ABI_VERSION up. */
#ifndef PENSTOCK_MAPS_H
#define PENSTOCK_MAPS_H

#include <linux/bpf.h>
#include "wire.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "halves of addresses and words of SipHash are little-endian"
#endif

#define ABI_VERSION 2

#define RING_SLOTS 65537
#define MAX_RINGS 4096
#define MAX_SERVICES 1024
#define MAX_RANGES 8192
#define MAX_REALS 4096
/* An interface is where its index leaves the remainder; of two at one place only one is looked at. */
#define MAX_INTERFACES 64
#define NO_RING 0xffffffff
#define NO_REAL 0xffffffff

/* IPv4 as ::ffff:a.b.c.d, as Java has it. */
struct address {
    union {
        __u8 octets[16];
        __be32 words[4];
        __u64 halves[2];
    };
};

struct config {
    __u32 abi;
    __u32 generation;
    /* Of SipHash. */
    __u64 key0;
    __u64 key1;
    __u64 vip_seed;
    /* Where the half of vips begins that counts: 0 or VIP_SLOTS. */
    __u32 vip_base;
    /* Flows that may be new on a core in a second, before they are not remembered any more. 0: no bound. */
    __u32 new_flows;
    /* Of so many packets one is traced. 0: none. */
    __u32 trace_every;
    /* Of an outer IPv4 source so many of the last bits say which flow it is. */
    __u32 entropy_bits;
    /* Outer sources of tunnels. */
    struct address local4;
    struct address local6;
};

#define VIP_SLOTS 32768
#define VIP_PROBES 16
#define VIP_USED 1
#define VIP_RANGES 2

/*
 * One place of an open hash table. With a port: just that. Without: any port of the protocol, or those that ranges say.
 * Without a protocol too: the address is a VIP.
 */
struct vip {
    struct address address;
    __be16 port;
    __u8 protocol;
    __u8 flags;
    __u32 service;
    /* With VIP_RANGES: which of ranges. */
    __u32 first_range;
    __u32 ranges;
};

struct range {
    __u16 low;
    __u16 high;
    __u32 service;
};

#define BY_SOURCE 1
#define REMEMBER 2

struct service {
    __u32 ring;
    __u32 previous;
    /* CLOCK_MONOTONIC; until then a flow in its midst that nobody remembers goes where it went before the change. */
    __u64 window_end_ns;
    __u32 flags;
    __u8 ipv4_prefix;
    __u8 ipv6_prefix;
    __u16 zero;
};

enum encapsulation { ENCAP_L2 = 0, ENCAP_IPIP = 1, ENCAP_VXLAN = 2 };
enum state { STATE_ABSENT = 0, STATE_UP = 1, STATE_DRAINING = 2, STATE_DOWN = 3 };

#define REAL_IPV6 1
#define REAL_HAS_MAC 2

struct real {
    struct address address;
    struct mac next_hop;
    struct mac source;
    struct mac inner;
    __u8 encapsulation;
    __u8 state;
    __u32 interface;
    __u32 generation;
    __u32 vni;
    __u16 mtu;
    __u16 flags;
    __u32 zero;
};

struct flow {
    struct address source;
    struct address destination;
    struct ports ports;
    /* Of which three octets are always zero. */
    __u32 protocol;
};

struct memory {
    __u32 real;
    __u32 generation;
    /* About where the client is in a connection of TCP. */
    __u32 sequence;
};

struct fragment {
    struct address source;
    struct address destination;
    __be32 id;
    __u8 protocol;
    __u8 zero[3];
};

struct placed {
    __u32 real;
    __u32 service;
};

/* What went to a backend; each backend of each service is a real of its own. */
struct volume {
    __u64 packets;
    __u64 octets;
};

struct budget {
    __u64 since_ns;
    __u64 used;
};

struct trace {
    __u64 at_ns;
    struct flow flow;
    __u32 real;
    __u32 service;
    __u16 length;
    __u8 tcp_flags;
    __u8 counter;
    __u32 zero;
};

/* Of this host, that packets come in at. */
struct interface {
    __u32 index;
    struct mac mac;
    __u16 zero;
};

struct lease {
    __u64 until_ns;
    __u64 pid;
};

#endif
