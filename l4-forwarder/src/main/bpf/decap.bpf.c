/*
 * On a backend's host: takes the outer header off what forwarders send to it by ipip, so that the host sees what the client has sent, to
 * the VIP that it has on lo. Nothing else of the host's traffic is touched. See README.md of l4-forwarder, "A backend's host".
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include "maps.h"
#include "wire.h"

#define DECAP_ABI 1
#define CHECK_SOURCES 1
#define DECAP_VIPS 1024
#define DECAP_SOURCES 1024
#define MAC_OCTETS 14

/* One for each way that a packet can take. Java has them in the same order (io.penstock.forwarder.xdp.backend.DecapCounter). */
enum decap_counter {
    DECAPSULATED_4IN4 = 0,
    DECAPSULATED_6IN4,
    DECAPSULATED_4IN6,
    DECAPSULATED_6IN6,
    PASSED_OTHER,
    PASSED_NOT_VIP,
    PASSED_UNUSUAL,
    DROPPED_SOURCE,
    DROPPED_MALFORMED,
    DECAP_COUNTERS
};

struct decap_config {
    __u32 abi;
    __u32 flags;
};

/* IPv4 counts from 96 bits on, as ::ffff:0:0/96. */
struct source_prefix {
    __u32 bits;
    /* Octets, or the compiler would leave four free before them. */
    __u8 address[16];
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct decap_config);
} decap_config SEC(".maps");

/* Value: 1. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, DECAP_VIPS);
    __type(key, struct address);
    __type(value, __u32);
} decap_vips SEC(".maps");

/* Value: 1. */
struct {
    __uint(type, BPF_MAP_TYPE_LPM_TRIE);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __uint(max_entries, DECAP_SOURCES);
    __type(key, struct source_prefix);
    __type(value, __u32);
} decap_sources SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 16);
    __type(key, __u32);
    __type(value, __u64);
} decap_counters SEC(".maps");

static __always_inline void count(enum decap_counter which)
{
    __u32 key = which;
    __u64 *value = bpf_map_lookup_elem(&decap_counters, &key);
    if (value)
        (*value)++;
}

static __always_inline int pass(enum decap_counter why)
{
    count(why);
    return XDP_PASS;
}

static __always_inline int drop(enum decap_counter why)
{
    count(why);
    return XDP_DROP;
}

static __always_inline void *data_of(struct xdp_md *ctx)
{
    return (void *)(long)ctx->data;
}

static __always_inline void *end_of(struct xdp_md *ctx)
{
    return (void *)(long)ctx->data_end;
}

static __always_inline void mapped(struct address *a, __be32 ipv4)
{
    a->halves[0] = 0;
    a->words[2] = bpf_htonl(0xffff);
    a->words[3] = ipv4;
}

static __always_inline int is_vip(const struct address *destination)
{
    return bpf_map_lookup_elem(&decap_vips, destination) != 0;
}

/* Whether whoever sent the outer packet is a forwarder: with a tunnel anybody can say that a packet is from anybody else. */
static __always_inline int may_send(const struct address *source)
{
    __u32 zero = 0;
    struct decap_config *c = bpf_map_lookup_elem(&decap_config, &zero);
    if (!c || !(c->flags & CHECK_SOURCES))
        return 1;
    struct source_prefix key = {.bits = 128};
    __builtin_memcpy(key.address, source->octets, sizeof(key.address));
    return bpf_map_lookup_elem(&decap_sources, &key) != 0;
}

/* What is inside begins where the outer header did. */
static __always_inline int unwrap(struct xdp_md *ctx, __u32 outer, __be16 type, enum decap_counter how)
{
    struct eth *eth = data_of(ctx);
    if ((void *)(eth + 1) > end_of(ctx))
        return drop(DROPPED_MALFORMED);
    struct eth frame = *eth;
    frame.type = type;
    if (bpf_xdp_adjust_head(ctx, outer))
        return drop(DROPPED_MALFORMED);
    eth = data_of(ctx);
    if ((void *)(eth + 1) > end_of(ctx))
        return drop(DROPPED_MALFORMED);
    *eth = frame;
    return pass(how);
}

static __always_inline int inner_ipv4(
    struct xdp_md *ctx, const struct address *source, __u32 outer, enum decap_counter how)
{
    struct ipv4 *ip = data_of(ctx) + MAC_OCTETS + outer;
    struct address destination;
    if ((void *)(ip + 1) > end_of(ctx) || ip->version_length < 0x45 || ip->version_length > 0x4f)
        return drop(DROPPED_MALFORMED);
    mapped(&destination, ip->destination);
    if (!is_vip(&destination))
        return pass(PASSED_NOT_VIP);
    if (!may_send(source))
        return drop(DROPPED_SOURCE);
    if (bpf_ntohs(ip->total) > end_of(ctx) - (void *)ip)
        return drop(DROPPED_MALFORMED);
    return unwrap(ctx, outer, bpf_htons(ETH_IPV4), how);
}

static __always_inline int inner_ipv6(
    struct xdp_md *ctx, const struct address *source, __u32 outer, enum decap_counter how)
{
    struct ipv6 *ip = data_of(ctx) + MAC_OCTETS + outer;
    struct address destination;
    if ((void *)(ip + 1) > end_of(ctx) || bpf_ntohl(ip->version_class_label) >> 28 != 6)
        return drop(DROPPED_MALFORMED);
    __builtin_memcpy(destination.octets, ip->destination, 16);
    if (!is_vip(&destination))
        return pass(PASSED_NOT_VIP);
    if (!may_send(source))
        return drop(DROPPED_SOURCE);
    if (bpf_ntohs(ip->payload) > end_of(ctx) - (void *)(ip + 1))
        return drop(DROPPED_MALFORMED);
    return unwrap(ctx, outer, bpf_htons(ETH_IPV6), how);
}

/* Forwarders send neither options nor fragments. Whatever else does may have a tunnel of its own to this host. */
static __always_inline int outer_ipv4(struct xdp_md *ctx)
{
    struct ipv4 *ip = data_of(ctx) + MAC_OCTETS;
    struct address source;
    if ((void *)(ip + 1) > end_of(ctx))
        return pass(PASSED_OTHER);
    if (ip->protocol != PROTO_IPIP && ip->protocol != PROTO_IPV6)
        return pass(PASSED_OTHER);
    if (ip->version_length != 0x45 || ip->fragment & bpf_htons(IPV4_MORE_FRAGMENTS | IPV4_FRAGMENT_OFFSET))
        return pass(PASSED_UNUSUAL);
    mapped(&source, ip->source);
    if (ip->protocol == PROTO_IPIP)
        return inner_ipv4(ctx, &source, sizeof(*ip), DECAPSULATED_4IN4);
    return inner_ipv6(ctx, &source, sizeof(*ip), DECAPSULATED_6IN4);
}

static __always_inline int outer_ipv6(struct xdp_md *ctx)
{
    struct ipv6 *ip = data_of(ctx) + MAC_OCTETS;
    struct address source;
    if ((void *)(ip + 1) > end_of(ctx))
        return pass(PASSED_OTHER);
    if (ip->next != PROTO_IPIP && ip->next != PROTO_IPV6)
        return pass(PASSED_OTHER);
    __builtin_memcpy(source.octets, ip->source, 16);
    if (ip->next == PROTO_IPIP)
        return inner_ipv4(ctx, &source, sizeof(*ip), DECAPSULATED_4IN6);
    return inner_ipv6(ctx, &source, sizeof(*ip), DECAPSULATED_6IN6);
}

SEC("xdp")
int decap(struct xdp_md *ctx)
{
    struct eth *eth = data_of(ctx);
    if ((void *)(eth + 1) > end_of(ctx))
        return pass(PASSED_OTHER);
    if (eth->type == bpf_htons(ETH_IPV4))
        return outer_ipv4(ctx);
    if (eth->type == bpf_htons(ETH_IPV6))
        return outer_ipv6(ctx);
    return pass(PASSED_OTHER);
}

char LICENSE[] SEC("license") = "GPL";
