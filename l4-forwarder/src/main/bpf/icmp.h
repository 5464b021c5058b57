/* ICMP to a VIP: errors of its flows go to the backends that have them, echo requests are answered here. */
#ifndef PENSTOCK_ICMP_H
#define PENSTOCK_ICMP_H

#include "forward.h"
#include "vip.h"

static __always_inline void return_to_sender(struct eth *eth)
{
    struct mac mac = eth->source;
    eth->source = eth->destination;
    eth->destination = mac;
}

static __always_inline int echo4(struct eth *eth, struct ipv4 *ip, struct icmp *icmp)
{
    __be32 address = ip->source;
    return_to_sender(eth);
    ip->source = ip->destination;
    ip->destination = address;
    /* As far as there is, not as far as the request had left. */
    ip->ttl = ANSWER_TTL;
    seal(ip);
    icmp->type = ICMP_ECHO_REPLY;
    __u32 sum = icmp->checksum + bpf_htons(ICMP_ECHO << 8);
    icmp->checksum = sum + (sum >> 16);
    count(ICMP_ECHOED);
    return XDP_TX;
}

static __always_inline int echo6(struct eth *eth, struct ipv6 *ip, struct icmpv6 *icmp)
{
    struct address address;
    return_to_sender(eth);
    __builtin_memcpy(address.octets, ip->source, 16);
    __builtin_memcpy(ip->source, ip->destination, 16);
    __builtin_memcpy(ip->destination, address.octets, 16);
    ip->hop_limit = ANSWER_TTL;
    icmp->type = ICMPV6_ECHO_REPLY;
    /* One more in the upper octet of a word: one less in the complement of the sum. */
    __u32 sum = icmp->checksum + bpf_htons(0xffff - (1 << 8));
    icmp->checksum = sum + (sum >> 16);
    count(ICMP_ECHOED);
    return XDP_TX;
}

/* To where the flow goes that a packet of the other direction is quoted of. */
static __always_inline int steer(struct xdp_md *ctx, struct packet *p, const struct ports *ports)
{
    struct config *c = configuration();
    if (!c || (void *)(ports + 1) > end_of(ctx))
        return drop(DROP_MALFORMED);
    p->flow.ports.source = ports->destination;
    p->flow.ports.destination = ports->source;
    if (p->flow.protocol != PROTO_TCP && p->flow.protocol != PROTO_UDP)
        return drop(DROP_ICMP);
    enum served served = is_served(c, p);
    if (served != SERVED)
        return unserved(served);
    count(ICMP_STEERED);
    return forward_rare(ctx, p, select_rare(p));
}

static __noinline int on_icmp4(struct xdp_md *ctx)
{
    struct eth *eth = data_of(ctx);
    struct ipv4 *ip = (void *)(eth + 1);
    struct icmp *icmp = (void *)(ip + 1);
    struct address vip;
    if ((void *)(icmp + 1) > end_of(ctx))
        return pass(PASS_PROTOCOL);
    mapped(&vip, ip->destination);
    if (!is_vip(&vip))
        return pass(PASS_NO_VIP);
    /* Of which only the first has a header of ICMP. */
    if (ip->fragment & bpf_htons(IPV4_FRAGMENT_OFFSET | IPV4_MORE_FRAGMENTS))
        return drop(DROP_ICMP);
    if (icmp->type == ICMP_ECHO)
        return echo4(eth, ip, icmp);
    if (icmp->type != ICMP_UNREACHABLE && icmp->type != ICMP_TIME_EXCEEDED)
        return drop(DROP_ICMP);
    struct ipv4 *quoted = (void *)(icmp + 1);
    if ((void *)(quoted + 1) > end_of(ctx))
        return drop(DROP_MALFORMED);
    if (quoted->version_length != 0x45 || quoted->source != ip->destination || ip->ttl <= 1
        || quoted->fragment & bpf_htons(IPV4_FRAGMENT_OFFSET))
        return drop(DROP_ICMP);
    struct packet p = {.length = bpf_ntohs(ip->total), .dscp = ip->tos & 0xfc};
    if (!is_whole(ctx, &p))
        return drop(DROP_MALFORMED);
    mapped(&p.flow.source, quoted->destination);
    mapped(&p.flow.destination, quoted->source);
    p.flow.protocol = quoted->protocol;
    age(ip);
    return steer(ctx, &p, (void *)(quoted + 1));
}

static __noinline int on_icmp6(struct xdp_md *ctx)
{
    struct eth *eth = data_of(ctx);
    struct ipv6 *ip = (void *)(eth + 1);
    struct icmpv6 *icmp = (void *)(ip + 1);
    struct address vip;
    if ((void *)(icmp + 1) > end_of(ctx))
        return pass(PASS_PROTOCOL);
    copied(&vip, ip->destination);
    if (!is_vip(&vip))
        return pass(PASS_NO_VIP);
    if (icmp->type == ICMPV6_ECHO)
        return echo6(eth, ip, icmp);
    /* Neighbours are looked for by the kernel. */
    if (icmp->type < ICMPV6_UNREACHABLE || icmp->type > ICMPV6_TIME_EXCEEDED)
        return pass(PASS_PROTOCOL);
    struct ipv6 *quoted = (void *)(icmp + 1);
    if ((void *)(quoted + 1) > end_of(ctx))
        return drop(DROP_MALFORMED);
    struct packet p = {.length = bpf_ntohs(ip->payload) + sizeof(*ip), .ipv6 = 1};
    if (!is_whole(ctx, &p))
        return drop(DROP_MALFORMED);
    copied(&p.flow.source, quoted->destination);
    copied(&p.flow.destination, quoted->source);
    if (p.flow.destination.halves[0] != vip.halves[0] || p.flow.destination.halves[1] != vip.halves[1] || ip->hop_limit <= 1)
        return drop(DROP_ICMP);
    p.flow.protocol = quoted->next;
    ip->hop_limit--;
    return steer(ctx, &p, (void *)(quoted + 1));
}

#endif
