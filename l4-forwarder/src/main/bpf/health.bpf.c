/*
 * On a forwarder, at the end of an interface (tc, clsact egress): a probe is addressed to the VIP as a client's packet is, and its mark
 * says which backend it is meant for. It goes there as clients' packets do, so that what is checked is what is served.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include "maps.h"
#include "wire.h"

#define MARK_KIND 0xf0000000
#define MARK_PROBE 0x70000000
/* Of which plane of this host: each has backends of its own by the same numbers. */
#define MARK_PLANE 0x0ffff000
#define MARK_REAL 0x00000fff
#define TUNNEL_TTL 64
#define MAC_OCTETS 14
#define BPF_F_ADJ_ROOM_ETHERNET (1ULL << 6)

/* What became of a probe. Java has them in the same order (io.penstock.forwarder.client.xdp.ProbeCounter). */
enum probe_counter {
    PROBE_SENT = 0,
    PROBE_NO_REAL,
    PROBE_NO_MAC,
    PROBE_NO_ROOM,
    PROBE_COUNTERS
};

/* Both are those of penstock.bpf.c, by their pins. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct config);
} config SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, MAX_REALS);
    __type(key, __u32);
    __type(value, struct real);
} reals SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 8);
    __type(key, __u32);
    __type(value, __u64);
} probes SEC(".maps");

/* What this plane's marks have at MARK_PLANE. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u32);
} plane SEC(".maps");

struct vxlan_frame {
    struct udp udp;
    struct vxlan vxlan;
    struct eth inner;
} __attribute__((packed));

static __always_inline void count(enum probe_counter which)
{
    __u32 key = which;
    __u64 *value = bpf_map_lookup_elem(&probes, &key);
    if (value)
        (*value)++;
}

/* One that cannot reach its backend must not reach another. */
static __always_inline int drop(enum probe_counter why)
{
    count(why);
    return TC_ACT_SHOT;
}

static __always_inline struct config *configuration(void)
{
    __u32 zero = 0;
    return bpf_map_lookup_elem(&config, &zero);
}

static __always_inline void seal(struct ipv4 *ip)
{
    __u32 sum = 0;
    __u16 *words = (__u16 *)ip;
#pragma unroll
    for (int i = 0; i < 10; i++)
        sum += words[i];
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    ip->checksum = ~sum;
}

static __always_inline int write_ipv4(
    struct __sk_buff *skb, const struct config *c, const struct real *real, __u8 protocol)
{
    struct ipv4 ip = {
        .version_length = 0x45,
        .total = bpf_htons(skb->len - MAC_OCTETS),
        .fragment = bpf_htons(IPV4_DONT_FRAGMENT),
        .ttl = TUNNEL_TTL,
        .protocol = protocol,
        .source = c->local4.words[3],
        .destination = real->address.words[3],
    };
    seal(&ip);
    return bpf_skb_store_bytes(skb, MAC_OCTETS, &ip, sizeof(ip), 0);
}

static __always_inline int write_ipv6(
    struct __sk_buff *skb, const struct config *c, const struct real *real, __u8 protocol)
{
    struct ipv6 ip = {
        .version_class_label = bpf_htonl(0x60000000 | (bpf_get_hash_recalc(skb) & 0xfffff)),
        .payload = bpf_htons(skb->len - MAC_OCTETS - sizeof(ip)),
        .next = protocol,
        .hop_limit = TUNNEL_TTL,
    };
    __builtin_memcpy(ip.source, c->local6.octets, 16);
    __builtin_memcpy(ip.destination, real->address.octets, 16);
    return bpf_skb_store_bytes(skb, MAC_OCTETS, &ip, sizeof(ip), 0);
}

static __always_inline int write_vxlan(struct __sk_buff *skb, const struct real *real, __u32 at, __be16 type)
{
    struct vxlan_frame frame = {
        .udp = {
            .ports = {
                .source = bpf_htons(0xc000 | (bpf_get_hash_recalc(skb) & 0x3fff)),
                .destination = bpf_htons(VXLAN_PORT),
            },
            .length = bpf_htons(skb->len - at),
        },
        .vxlan = {.flags = bpf_htonl(VXLAN_VALID), .vni = bpf_htonl(real->vni << 8)},
        .inner = {.destination = real->inner, .source = real->source, .type = type},
    };
    return bpf_skb_store_bytes(skb, at, &frame, sizeof(frame), 0);
}

/* Room for the outer headers, and these in it. */
static __always_inline int wrap(struct __sk_buff *skb, const struct real *real, __be16 type)
{
    struct config *c = configuration();
    int outer = real->flags & REAL_IPV6 ? sizeof(struct ipv6) : sizeof(struct ipv4);
    int more = outer;
    __u64 flags = real->flags & REAL_IPV6 ? BPF_F_ADJ_ROOM_ENCAP_L3_IPV6 : BPF_F_ADJ_ROOM_ENCAP_L3_IPV4;
    __u8 protocol = type == bpf_htons(ETH_IPV6) ? PROTO_IPV6 : PROTO_IPIP;
    if (!c)
        return -1;
    if (real->encapsulation == ENCAP_VXLAN) {
        more += sizeof(struct vxlan_frame);
        flags |= BPF_F_ADJ_ROOM_ENCAP_L4_UDP | BPF_F_ADJ_ROOM_ETHERNET | BPF_F_ADJ_ROOM_ENCAP_L2(MAC_OCTETS);
        protocol = PROTO_UDP;
    }
    if (bpf_skb_adjust_room(skb, more, BPF_ADJ_ROOM_MAC, flags))
        return -1;
    if (real->encapsulation == ENCAP_VXLAN && write_vxlan(skb, real, MAC_OCTETS + outer, type))
        return -1;
    return real->flags & REAL_IPV6 ? write_ipv6(skb, c, real, protocol) : write_ipv4(skb, c, real, protocol);
}

static __always_inline int address_frame(struct __sk_buff *skb, const struct real *real, __be16 type)
{
    struct eth frame = {.destination = real->next_hop, .source = real->source, .type = type};
    return bpf_skb_store_bytes(skb, 0, &frame, sizeof(frame), 0);
}

static __always_inline int to_real(struct __sk_buff *skb, const struct real *real)
{
    __be16 type = skb->protocol;
    if (real->encapsulation != ENCAP_L2) {
        if (wrap(skb, real, type))
            return drop(PROBE_NO_ROOM);
        type = real->flags & REAL_IPV6 ? bpf_htons(ETH_IPV6) : bpf_htons(ETH_IPV4);
    }
    if (address_frame(skb, real, type))
        return drop(PROBE_NO_ROOM);
    /* It may leave by another interface that this program is at. */
    skb->mark = 0;
    count(PROBE_SENT);
    return real->interface && real->interface != skb->ifindex ? bpf_redirect(real->interface, 0) : TC_ACT_OK;
}

SEC("tc")
int health(struct __sk_buff *skb)
{
    __u32 zero = 0;
    __u32 *ours = bpf_map_lookup_elem(&plane, &zero);
    /* Another plane's program comes behind this one. */
    if (!ours || (skb->mark & (MARK_KIND | MARK_PLANE)) != (MARK_PROBE | *ours))
        return TC_ACT_UNSPEC;
    if (skb->protocol != bpf_htons(ETH_IPV4) && skb->protocol != bpf_htons(ETH_IPV6))
        return TC_ACT_UNSPEC;
    __u32 id = skb->mark & MARK_REAL;
    struct real *real = bpf_map_lookup_elem(&reals, &id);
    if (!real || real->state == STATE_ABSENT)
        return drop(PROBE_NO_REAL);
    if (!(real->flags & REAL_HAS_MAC))
        return drop(PROBE_NO_MAC);
    return to_real(skb, real);
}

char LICENSE[] SEC("license") = "GPL";
