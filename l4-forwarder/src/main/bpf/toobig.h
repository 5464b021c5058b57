/* What a sender has to know whose packet does not fit into the tunnel. */
#ifndef PENSTOCK_TOOBIG_H
#define PENSTOCK_TOOBIG_H

#include "packet.h"

#define ANSWER_TTL 64
#define NETWORK_CONTROL 0xc0
#define QUOTED4 (sizeof(struct ipv4) + 8)
#define QUOTED6 512

static __always_inline void return_frame(struct eth *eth, const struct eth *was)
{
    struct eth came = *was;
    eth->destination = came.source;
    eth->source = came.destination;
    eth->type = came.type;
}

/*
 * RFC 1191: "fragmentation needed", from the VIP. Without "don't fragment" too: a router would fragment then, but backends take no
 * fragments of tunnels, and a sender that is told makes smaller ones.
 */
static __always_inline int answer4(struct xdp_md *ctx, __u16 mtu)
{
    int room = sizeof(struct ipv4) + sizeof(struct icmp);
    int had = (long)ctx->data_end - (long)ctx->data;
    if (bpf_xdp_adjust_tail(ctx, MAC_OCTETS + QUOTED4 - had))
        return drop(DROP_NO_ROOM);
    if (bpf_xdp_adjust_head(ctx, -room))
        return drop(DROP_NO_ROOM);
    struct eth *eth = data_of(ctx);
    struct ipv4 *ip = (void *)(eth + 1);
    struct icmp *icmp = (void *)(ip + 1);
    struct ipv4 *quoted = (void *)(icmp + 1);
    if ((void *)quoted + QUOTED4 > end_of(ctx))
        return drop(DROP_NO_ROOM);
    return_frame(eth, (void *)quoted - MAC_OCTETS);
    ip->version_length = 0x45;
    ip->tos = NETWORK_CONTROL;
    ip->total = bpf_htons(room + QUOTED4);
    ip->id = 0;
    ip->fragment = 0;
    ip->ttl = ANSWER_TTL;
    ip->protocol = PROTO_ICMP;
    ip->source = quoted->destination;
    ip->destination = quoted->source;
    seal(ip);
    icmp->type = ICMP_UNREACHABLE;
    icmp->code = ICMP_FRAG_NEEDED;
    icmp->checksum = 0;
    icmp->unused = 0;
    icmp->mtu = bpf_htons(mtu);
    icmp->checksum = fold((__u32)bpf_csum_diff(0, 0, (__be32 *)icmp, sizeof(*icmp) + QUOTED4, 0));
    count(TOO_BIG_ANSWERED);
    return XDP_TX;
}

/* RFC 4443 section 3.2. */
static __always_inline int answer6(struct xdp_md *ctx, __u16 mtu)
{
    int room = sizeof(struct ipv6) + sizeof(struct icmpv6);
    int had = (long)ctx->data_end - (long)ctx->data;
    struct ipv6 *came = data_of(ctx) + MAC_OCTETS;
    if ((void *)(came + 1) > end_of(ctx))
        return drop(DROP_MALFORMED);
    if (had < MAC_OCTETS + QUOTED6 || came->next == PROTO_ICMPV6)
        return drop(DROP_TOO_BIG);
    if (bpf_xdp_adjust_tail(ctx, MAC_OCTETS + QUOTED6 - had))
        return drop(DROP_NO_ROOM);
    if (bpf_xdp_adjust_head(ctx, -room))
        return drop(DROP_NO_ROOM);
    struct eth *eth = data_of(ctx);
    struct ipv6 *ip = (void *)(eth + 1);
    struct icmpv6 *icmp = (void *)(ip + 1);
    struct ipv6 *quoted = (void *)(icmp + 1);
    if ((void *)quoted + QUOTED6 > end_of(ctx))
        return drop(DROP_NO_ROOM);
    return_frame(eth, (void *)quoted - MAC_OCTETS);
    ip->version_class_label = bpf_htonl(0x60000000);
    ip->payload = bpf_htons(sizeof(*icmp) + QUOTED6);
    ip->next = PROTO_ICMPV6;
    ip->hop_limit = ANSWER_TTL;
    __builtin_memcpy(ip->source, quoted->destination, 16);
    __builtin_memcpy(ip->destination, quoted->source, 16);
    icmp->type = ICMPV6_TOO_BIG;
    icmp->code = 0;
    icmp->checksum = 0;
    icmp->mtu = bpf_htonl(mtu);
    /* Of at most 512 octets at a time. */
    __u64 sum = (__u32)bpf_csum_diff(0, 0, (__be32 *)ip->source, 32, 0);
    sum = (__u32)bpf_csum_diff(0, 0, (__be32 *)icmp, sizeof(*icmp), sum);
    sum = (__u32)bpf_csum_diff(0, 0, (__be32 *)quoted, QUOTED6, sum);
    sum += ip->payload;
    sum += bpf_htons(PROTO_ICMPV6);
    icmp->checksum = fold(sum);
    count(TOO_BIG_ANSWERED);
    return XDP_TX;
}

static __always_inline int too_big(struct xdp_md *ctx, const struct packet *p, __u16 mtu)
{
    if (p->ipv6)
        return answer6(ctx, mtu);
    struct ipv4 *ip = data_of(ctx) + MAC_OCTETS;
    if ((void *)(ip + 1) > end_of(ctx))
        return drop(DROP_MALFORMED);
    /* RFC 1122 section 3.2.2: none about a later fragment, which has no ports either, nor about an error. */
    if (ip->fragment & bpf_htons(IPV4_FRAGMENT_OFFSET) || ip->protocol == PROTO_ICMP)
        return drop(DROP_TOO_BIG);
    return answer4(ctx, mtu);
}

#endif
