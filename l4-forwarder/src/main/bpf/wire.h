/* What is on the wire, in network order; nothing of the C library, which clang -target bpf cannot include. */
#ifndef PENSTOCK_WIRE_H
#define PENSTOCK_WIRE_H

#include <linux/types.h>

#define ETH_IPV4 0x0800
#define ETH_IPV6 0x86dd
#define ETH_VLAN 0x8100
#define ETH_QINQ 0x88a8

#define PROTO_ICMP 1
#define PROTO_IPIP 4
#define PROTO_TCP 6
#define PROTO_UDP 17
#define PROTO_IPV6 41
#define PROTO_FRAGMENT 44
#define PROTO_ICMPV6 58

/* By twos, as frames and maps are aligned. */
struct mac {
    __be16 words[3];
};

struct eth {
    struct mac destination;
    struct mac source;
    __be16 type;
};

struct ipv4 {
    __u8 version_length;
    __u8 tos;
    __be16 total;
    __be16 id;
    __be16 fragment;
    __u8 ttl;
    __u8 protocol;
    __sum16 checksum;
    __be32 source;
    __be32 destination;
};

#define IPV4_DONT_FRAGMENT 0x4000
#define IPV4_MORE_FRAGMENTS 0x2000
#define IPV4_FRAGMENT_OFFSET 0x1fff

struct ipv6 {
    __be32 version_class_label;
    __be16 payload;
    __u8 next;
    __u8 hop_limit;
    __be32 source[4];
    __be32 destination[4];
};

struct ipv6_fragment {
    __u8 next;
    __u8 reserved;
    __be16 offset_more;
    __be32 id;
};

struct ports {
    union {
        struct {
            __be16 source;
            __be16 destination;
        };
        __be32 both;
    };
};

struct tcp {
    struct ports ports;
    __be32 sequence;
    __be32 acknowledged;
    __u8 offset;
    __u8 flags;
    __be16 window;
    __sum16 checksum;
    __be16 urgent;
};

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

struct udp {
    struct ports ports;
    __be16 length;
    __sum16 checksum;
};

struct icmp {
    __u8 type;
    __u8 code;
    __sum16 checksum;
    __be16 unused;
    __be16 mtu;
};

#define ICMP_ECHO_REPLY 0
#define ICMP_UNREACHABLE 3
#define ICMP_FRAG_NEEDED 4
#define ICMP_ECHO 8
#define ICMP_TIME_EXCEEDED 11

struct icmpv6 {
    __u8 type;
    __u8 code;
    __sum16 checksum;
    __be32 mtu;
};

#define ICMPV6_UNREACHABLE 1
#define ICMPV6_TOO_BIG 2
#define ICMPV6_TIME_EXCEEDED 3
#define ICMPV6_ECHO 128
#define ICMPV6_ECHO_REPLY 129

struct vxlan {
    __be32 flags;
    __be32 vni;
};

#define VXLAN_VALID 0x08000000
#define VXLAN_PORT 4789

#endif
