/* Fragments of IPv4: the first has the ports, and says to the others where it went. */
#ifndef PENSTOCK_FRAGMENT_H
#define PENSTOCK_FRAGMENT_H

#include "forward.h"
#include "vip.h"

static __always_inline void fragment_key(struct fragment *key, const struct packet *p, __be32 id)
{
    __builtin_memset(key, 0, sizeof(*key));
    key->source = p->flow.source;
    key->destination = p->flow.destination;
    key->id = id;
    key->protocol = p->flow.protocol;
}

static __noinline void on_first_fragment(const struct packet *p, __be16 id, __u32 real)
{
    struct fragment key;
    struct placed placed = {.real = real, .service = p->service};
    fragment_key(&key, p, id);
    bpf_map_update_elem(&fragments, &key, &placed, BPF_ANY);
}

static __noinline int on_later_fragment(struct xdp_md *ctx, struct packet *p, __be16 id)
{
    struct fragment key;
    fragment_key(&key, p, id);
    if (!is_vip(&p->flow.destination))
        return pass(PASS_NO_VIP);
    struct placed *known = bpf_map_lookup_elem(&fragments, &key);
    if (!known)
        return drop(DROP_FRAGMENT_UNKNOWN);
    struct ipv4 *ip = data_of(ctx) + MAC_OCTETS;
    if ((void *)(ip + 1) > end_of(ctx))
        return drop(DROP_MALFORMED);
    if (p->length < sizeof(*ip) || !is_whole(ctx, p))
        return drop(DROP_MALFORMED);
    if (ip->ttl <= 1)
        return drop(DROP_TTL);
    age(ip);
    p->service = known->service;
    count(FRAGMENT_FORWARDED);
    return forward_rare(ctx, p, known->real);
}

#endif
