/* What Java and the program share. The layouts are the ABI: whoever changes one counts ABI_VERSION up. */
#ifndef PENSTOCK_MAPS_H
#define PENSTOCK_MAPS_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "wire.h"

#define ABI_VERSION 1

#define RING_SLOTS 65537
#define MAX_RINGS 4096
#define MAX_SERVICES 1024
#define MAX_VIPS 8192
#define MAX_RANGES 8192
#define MAX_REALS 4096
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
    __u64 key0;
    __u64 key1;
    /* Flows that may be new on a core in a second, before they are not remembered any more. 0: no bound. */
    __u32 new_flows;
    /* Of so many packets one is traced. 0: none. */
    __u32 trace_every;
    /* Outer sources of tunnels. */
    struct address local4;
    struct address local6;
    /* Of the IPv4 one so many of the last bits say which flow it is. */
    __u32 entropy_bits;
    __u32 flags;
};

struct vip {
    struct address address;
    /* 0 for any, or for what ranges say; for all of an address, with no protocol either. */
    __be16 port;
    __u8 protocol;
    __u8 zero[5];
};

#define VIP_RANGES 1

struct target {
    __u32 service;
    __u32 flags;
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
    __be16 source_port;
    __be16 destination_port;
    __u8 protocol;
    __u8 zero[3];
};

struct memory {
    __u32 real;
    __u32 generation;
};

struct fragment {
    struct address source;
    struct address destination;
    __be32 id;
    __u8 protocol;
    __u8 zero[3];
};

struct volume {
    __u64 packets;
    __u64 octets;
    __u64 flows;
};

struct budget {
    __u64 since_ns;
    __u64 used;
};

/* The maps of penstock.bpf.c. Programs that share some of them define it, and declare those that they use. */
#ifndef PENSTOCK_LAYOUTS_ONLY

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct config);
} config SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, MAX_VIPS);
    __type(key, struct vip);
    __type(value, struct target);
} vips SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, MAX_RANGES);
    __type(key, __u32);
    __type(value, struct range);
} ranges SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, MAX_SERVICES);
    __type(key, __u32);
    __type(value, struct service);
} services SEC(".maps");

struct ring {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, RING_SLOTS);
    __type(key, __u32);
    __type(value, __u32);
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, MAX_RINGS);
    __type(key, __u32);
    __array(values, struct ring);
} rings SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, MAX_REALS);
    __type(key, __u32);
    __type(value, struct real);
} reals SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 262144);
    __type(key, struct flow);
    __type(value, struct memory);
} flows SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 8192);
    __type(key, struct fragment);
    __type(value, struct memory);
} fragments SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 64);
    __type(key, __u32);
    __type(value, __u64);
} counters SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, MAX_SERVICES);
    __type(key, __u32);
    __type(value, struct volume);
} service_volumes SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, MAX_REALS);
    __type(key, __u32);
    __type(value, struct volume);
} real_volumes SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct budget);
} budgets SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 1 << 18);
} traces SEC(".maps");

#endif

#endif
