/* Forwards packets of VIPs to backends, which answer the client themselves. See "Direct server return" in l4-forwarder/README.md. */
#include "fragment.h"
#include "icmp.h"

#define DSCP 0xfc

static __always_inline int transport(struct xdp_md *ctx, struct packet *p, void *at)
{
    if (p->flow.protocol == PROTO_TCP) {
        struct tcp *tcp = at;
        if ((void *)(tcp + 1) > end_of(ctx))
            return 0;
        p->flow.ports = tcp->ports;
        p->tcp_flags = tcp->flags;
        p->sequence = bpf_ntohl(tcp->sequence);
        return 1;
    }
    struct udp *udp = at;
    if ((void *)(udp + 1) > end_of(ctx))
        return 0;
    p->flow.ports = udp->ports;
    return 1;
}

/* It concerns us only if it is to a VIP. */
static __noinline int unusual(const struct packet *p, enum counter why)
{
    return is_vip(&p->flow.destination) ? drop(why) : pass(PASS_NO_VIP);
}

/*
 * A switch floods what it does not know the way to, and an interface that listens to all of it would forward what another
 * forwarder has sent already. Addresses of virtual routers (RFC 9568 section 7.3) belong to whoever gets them.
 */
static __always_inline int is_ours(struct xdp_md *ctx, const struct eth *eth)
{
    __u32 index = ctx->ingress_ifindex;
    __u32 at = index % MAX_INTERFACES;
    const __be16 *to = eth->destination.words;
    struct interface *own = bpf_map_lookup_elem(&interfaces, &at);
    if (to[0] & bpf_htons(0x0100))
        return 0;
    if (!own || own->index != index)
        return 1;
    if (to[2] == own->mac.words[2] && to[1] == own->mac.words[1] && to[0] == own->mac.words[0])
        return 1;
    return to[0] == 0 && to[1] == bpf_htons(0x5e00);
}

static __noinline int on_odd_ipv4(struct packet *p, __u8 version_length)
{
    return unusual(p, version_length > 0x45 && version_length < 0x50 ? DROP_OPTIONS : DROP_MALFORMED);
}

static __always_inline int on_ipv4(struct xdp_md *ctx, struct packet *p)
{
    struct config *c = configuration();
    struct ipv4 *ip = data_of(ctx) + MAC_OCTETS;
    if (!c || (void *)(ip + 1) > end_of(ctx))
        return pass(PASS_NOT_IP);
    p->flow.protocol = ip->protocol;
    p->length = bpf_ntohs(ip->total);
    p->dscp = ip->tos & DSCP;
    mapped(&p->flow.source, ip->source);
    mapped(&p->flow.destination, ip->destination);
    if (ip->version_length != 0x45)
        return on_odd_ipv4(p, ip->version_length);
    if (ip->protocol == PROTO_ICMP)
        return on_icmp4(ctx);
    if (ip->protocol != PROTO_TCP && ip->protocol != PROTO_UDP)
        return pass(PASS_PROTOCOL);
    __be16 id = ip->id;
    __be16 fragment = ip->fragment & bpf_htons(IPV4_FRAGMENT_OFFSET | IPV4_MORE_FRAGMENTS);
    if (fragment & bpf_htons(IPV4_FRAGMENT_OFFSET))
        return on_later_fragment(ctx, p, id);
    if (p->length < sizeof(*ip) + sizeof(struct udp) || !is_whole(ctx, p) || !transport(ctx, p, ip + 1))
        return unusual(p, DROP_MALFORMED);
    enum served served = is_served(c, p);
    if (served != SERVED)
        return unserved(served);
    if (ip->ttl <= 1)
        return refuse(c, p, NO_REAL, DROP_TTL);
    age(ip);
    __u32 real = select_real(c, p, 1);
    if (fragment)
        on_first_fragment(p, id, real);
    return forward(ctx, c, p, real);
}

/* What stands between the header of IPv6 and that of TCP or UDP, if one of them follows (the extension headers of IANA's registry). */
static __noinline int on_odd_ipv6(struct packet *p)
{
    switch (p->flow.protocol) {
    case 0:   /* hop-by-hop options */
    case 43:  /* routing */
    case 44:  /* fragment */
    case 50:  /* ESP */
    case 51:  /* AH */
    case 60:  /* destination options */
    case 135: /* mobility */
    case 139: /* HIP */
    case 140: /* Shim6 */
        return unusual(p, DROP_EXTENSIONS);
    default:
        return pass(PASS_PROTOCOL);
    }
}

static __always_inline int on_ipv6(struct xdp_md *ctx, struct packet *p)
{
    struct config *c = configuration();
    struct ipv6 *ip = data_of(ctx) + MAC_OCTETS;
    if (!c || (void *)(ip + 1) > end_of(ctx))
        return pass(PASS_NOT_IP);
    p->ipv6 = 1;
    p->flow.protocol = ip->next;
    p->length = bpf_ntohs(ip->payload) + sizeof(*ip);
    p->dscp = bpf_ntohl(ip->version_class_label) >> 20 & DSCP;
    copied(&p->flow.source, ip->source);
    copied(&p->flow.destination, ip->destination);
    if (ip->next == PROTO_ICMPV6)
        return on_icmp6(ctx);
    if (ip->next != PROTO_TCP && ip->next != PROTO_UDP)
        return on_odd_ipv6(p);
    if (p->length < sizeof(*ip) + sizeof(struct udp) || !is_whole(ctx, p) || !transport(ctx, p, ip + 1))
        return unusual(p, DROP_MALFORMED);
    enum served served = is_served(c, p);
    if (served != SERVED)
        return unserved(served);
    if (ip->hop_limit <= 1)
        return refuse(c, p, NO_REAL, DROP_TTL);
    ip->hop_limit--;
    return forward(ctx, c, p, select_real(c, p, 1));
}

SEC("xdp")
int penstock(struct xdp_md *ctx)
{
    struct eth *eth = data_of(ctx);
    struct packet p = {};
    if ((void *)(eth + 1) > end_of(ctx))
        return pass(PASS_NOT_IP);
    if (!is_ours(ctx, eth))
        return pass(PASS_NOT_OURS);
    if (eth->type == bpf_htons(ETH_IPV4))
        return on_ipv4(ctx, &p);
    if (eth->type == bpf_htons(ETH_IPV6))
        return on_ipv6(ctx, &p);
    if (eth->type == bpf_htons(ETH_VLAN) || eth->type == bpf_htons(ETH_QINQ))
        return pass(PASS_VLAN);
    return pass(PASS_NOT_IP);
}

/* What an interface at the other end of a veth needs for frames to arrive. */
SEC("xdp")
int nothing(struct xdp_md *ctx)
{
    return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
