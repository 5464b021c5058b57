/* How a packet gets to its backend: as it is in another frame, or in a tunnel. */
#ifndef PENSTOCK_FORWARD_H
#define PENSTOCK_FORWARD_H

#include "select.h"
#include "toobig.h"

#define TUNNEL_TTL 64
#define VXLAN_OCTETS (sizeof(struct udp) + sizeof(struct vxlan) + sizeof(struct eth))

/* Upper octet of the ports that RFC 6335 leaves to nobody. */
#define EPHEMERAL 0xc000

static __always_inline void age(struct ipv4 *ip)
{
    /* RFC 1624. */
    __u32 sum = ip->checksum + bpf_htons(0x0100);
    ip->checksum = sum + (sum >> 16);
    ip->ttl--;
}

static __always_inline void address_frame(struct eth *eth, const struct real *real, __be16 type)
{
    eth->destination = real->next_hop;
    eth->source = real->source;
    eth->type = type;
}

static __always_inline int send(struct xdp_md *ctx, const struct real *real)
{
    if (!real->interface || real->interface == ctx->ingress_ifindex)
        return XDP_TX;
    return bpf_redirect(real->interface, 0);
}

/* The bits of a flow that spread tunnels over queues and links. */
static __always_inline __u32 entropy(const struct flow *f)
{
    __u32 mixed = f->source.words[3] ^ f->source.words[1] ^ ((__u32)f->ports.source << 16 | f->ports.destination);
    mixed *= 0x9e3779b1;
    return mixed ^ mixed >> 16;
}

static __always_inline __be32 outer_source(const struct config *c, const struct flow *f)
{
    __u32 mask = (1U << (c->entropy_bits & 31)) - 1;
    __u32 own = bpf_ntohl(c->local4.words[3]);
    return bpf_htonl((own & ~mask) | (entropy(f) & mask));
}

static __always_inline void outer_ipv4(
    struct ipv4 *ip, const struct config *c, const struct packet *p, const struct real *real, __u8 protocol, __u16 more)
{
    ip->version_length = 0x45;
    ip->tos = p->dscp;
    ip->total = bpf_htons(p->length + sizeof(*ip) + more);
    ip->id = 0;
    ip->fragment = bpf_htons(IPV4_DONT_FRAGMENT);
    ip->ttl = TUNNEL_TTL;
    ip->protocol = protocol;
    ip->source = outer_source(c, &p->flow);
    ip->destination = real->address.words[3];
    seal(ip);
}

static __always_inline void outer_ipv6(
    struct ipv6 *ip, const struct config *c, const struct packet *p, const struct real *real, __u8 protocol, __u16 more)
{
    ip->version_class_label = bpf_htonl(0x60000000 | (__u32)p->dscp << 20 | (entropy(&p->flow) & 0xfffff));
    ip->payload = bpf_htons(p->length + more);
    ip->next = protocol;
    ip->hop_limit = TUNNEL_TTL;
    __builtin_memcpy(ip->source, c->local6.octets, 16);
    __builtin_memcpy(ip->destination, real->address.octets, 16);
}

/* RFC 2003, 2473 and 4213. */
static __always_inline int tunnel_ipip(struct xdp_md *ctx, const struct config *c, const struct packet *p, const struct real *real)
{
    __u8 inner = p->ipv6 ? PROTO_IPV6 : PROTO_IPIP;
    if (real->flags & REAL_IPV6) {
        if (bpf_xdp_adjust_head(ctx, -(int)sizeof(struct ipv6)))
            return drop(DROP_NO_ROOM);
        struct eth *eth = data_of(ctx);
        struct ipv6 *ip = (void *)(eth + 1);
        if ((void *)(ip + 1) > end_of(ctx))
            return drop(DROP_NO_ROOM);
        address_frame(eth, real, bpf_htons(ETH_IPV6));
        outer_ipv6(ip, c, p, real, inner, 0);
        return XDP_PASS;
    }
    if (bpf_xdp_adjust_head(ctx, -(int)sizeof(struct ipv4)))
        return drop(DROP_NO_ROOM);
    struct eth *eth = data_of(ctx);
    struct ipv4 *ip = (void *)(eth + 1);
    if ((void *)(ip + 1) > end_of(ctx))
        return drop(DROP_NO_ROOM);
    address_frame(eth, real, bpf_htons(ETH_IPV4));
    outer_ipv4(ip, c, p, real, inner, 0);
    return XDP_PASS;
}

static __always_inline void vxlan_headers(struct udp *udp, const struct packet *p, const struct real *real)
{
    struct vxlan *vxlan = (void *)(udp + 1);
    struct eth *inner = (void *)(vxlan + 1);
    udp->ports.source = bpf_htons(EPHEMERAL | (entropy(&p->flow) & 0x3fff));
    udp->ports.destination = bpf_htons(VXLAN_PORT);
    udp->length = bpf_htons(p->length + VXLAN_OCTETS);
    /* None, which RFC 6935 allows in tunnels over IPv6 too. */
    udp->checksum = 0;
    vxlan->flags = bpf_htonl(VXLAN_VALID);
    vxlan->vni = bpf_htonl(real->vni << 8);
    inner->destination = real->inner;
    inner->source = real->source;
    inner->type = p->ipv6 ? bpf_htons(ETH_IPV6) : bpf_htons(ETH_IPV4);
}

/* RFC 7348: the frame in UDP. */
static __always_inline int tunnel_vxlan(struct xdp_md *ctx, const struct config *c, const struct packet *p, const struct real *real)
{
    if (real->flags & REAL_IPV6) {
        if (bpf_xdp_adjust_head(ctx, -(int)(sizeof(struct ipv6) + VXLAN_OCTETS)))
            return drop(DROP_NO_ROOM);
        struct eth *eth = data_of(ctx);
        struct ipv6 *ip = (void *)(eth + 1);
        if ((void *)(ip + 1) + VXLAN_OCTETS > end_of(ctx))
            return drop(DROP_NO_ROOM);
        vxlan_headers((void *)(ip + 1), p, real);
        address_frame(eth, real, bpf_htons(ETH_IPV6));
        outer_ipv6(ip, c, p, real, PROTO_UDP, VXLAN_OCTETS);
        return XDP_PASS;
    }
    if (bpf_xdp_adjust_head(ctx, -(int)(sizeof(struct ipv4) + VXLAN_OCTETS)))
        return drop(DROP_NO_ROOM);
    struct eth *eth = data_of(ctx);
    struct ipv4 *ip = (void *)(eth + 1);
    if ((void *)(ip + 1) + VXLAN_OCTETS > end_of(ctx))
        return drop(DROP_NO_ROOM);
    vxlan_headers((void *)(ip + 1), p, real);
    address_frame(eth, real, bpf_htons(ETH_IPV4));
    outer_ipv4(ip, c, p, real, PROTO_UDP, VXLAN_OCTETS);
    return XDP_PASS;
}

static __always_inline __u16 overhead(const struct real *real)
{
    __u16 outer = real->flags & REAL_IPV6 ? sizeof(struct ipv6) : sizeof(struct ipv4);
    return real->encapsulation == ENCAP_IPIP ? outer : outer + VXLAN_OCTETS;
}

/* What is sent as it was got, or why it is not: XDP_PASS when it is ready to go. */
static __noinline int tunnel(struct xdp_md *ctx, const struct packet *p, const struct real *real)
{
    struct config *c = configuration();
    if (!c || !p || !real)
        return drop(DROP_NO_REAL);
    __u16 more = overhead(real);
    if (real->mtu && p->length + more > real->mtu)
        return too_big(ctx, p, real->mtu - more);
    return real->encapsulation == ENCAP_IPIP ? tunnel_ipip(ctx, c, p, real) : tunnel_vxlan(ctx, c, p, real);
}

static __always_inline void account(const struct packet *p, __u32 id)
{
    struct volume *volume = bpf_map_lookup_elem(&volumes, &id);
    if (volume) {
        volume->packets++;
        volume->octets += p->length;
    }
}

static __always_inline int forward(struct xdp_md *ctx, const struct config *c, const struct packet *p, __u32 id)
{
    struct real *real = id == NO_REAL ? 0 : real_of(id);
    if (!real)
        return refuse(c, p, id, DROP_NO_RING);
    if (!lives(real))
        return refuse(c, p, id, DROP_NO_REAL);
    if (!(real->flags & REAL_HAS_MAC))
        return refuse(c, p, id, DROP_NO_MAC);
    trace(c, p, id, FORWARDED);
    if (real->encapsulation == ENCAP_L2) {
        struct eth *eth = data_of(ctx);
        if ((void *)(eth + 1) > end_of(ctx))
            return drop(DROP_MALFORMED);
        eth->destination = real->next_hop;
        eth->source = real->source;
    } else {
        int ready = tunnel(ctx, p, real);
        if (ready != XDP_PASS)
            return ready;
    }

    account(p, id);
    return send(ctx, real);
}

/* Once for all rare ways to it, so that the program stays small. */
static __noinline int forward_rare(struct xdp_md *ctx, const struct packet *p, __u32 id)
{
    struct config *c = configuration();
    return c ? forward(ctx, c, p, id) : drop(DROP_NO_REAL);
}

#endif
