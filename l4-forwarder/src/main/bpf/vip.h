/* Whose a packet is. */
#ifndef PENSTOCK_VIP_H
#define PENSTOCK_VIP_H

#include "packet.h"

#define MAX_RANGES_OF_VIP 16

static __always_inline __u32 first_slot(const struct address *a, __u32 port_protocol, __u64 seed)
{
    __u64 x = a->halves[0] * 0x9e3779b97f4a7c15ULL + a->halves[1];
    x ^= port_protocol ^ seed;
    x *= 0xff51afd7ed558ccdULL;
    x ^= x >> 32;
    x *= 0xc4ceb9fe1a85ec53ULL;
    return x >> 49;
}

static __always_inline struct vip *find_vip(const struct config *c, const struct address *a, __be16 port, __u8 protocol)
{
    __u32 base = c->vip_base & VIP_SLOTS;
    __u32 at = first_slot(a, port | (__u32)protocol << 16, c->vip_seed);
    for (int i = 0; i < VIP_PROBES; i++) {
        __u32 slot = base | ((at + i) & (VIP_SLOTS - 1));
        struct vip *vip = bpf_map_lookup_elem(&vips, &slot);
        if (!vip || !(vip->flags & VIP_USED))
            return 0;
        if (vip->address.halves[1] == a->halves[1] && vip->port == port && vip->protocol == protocol
            && vip->address.halves[0] == a->halves[0])
            return vip;
    }
    return 0;
}

static __noinline int is_vip(const struct address *address)
{
    struct config *c = configuration();
    return c && find_vip(c, address, 0, 0) != 0;
}

static __always_inline int in_range(const struct vip *vip, __u16 port, __u32 *service)
{
    for (__u32 i = 0; i < MAX_RANGES_OF_VIP; i++) {
        if (i >= vip->ranges)
            break;
        __u32 at = vip->first_range + i;
        struct range *range = bpf_map_lookup_elem(&ranges, &at);
        if (range && port >= range->low && port <= range->high) {
            *service = range->service;
            return 1;
        }
    }
    return 0;
}

enum served { NO_VIP, NO_SERVICE, SERVED };

/* Where no port is one of its own. Most packets of a host with other business end at the first question. */
static __noinline enum served is_served_at_any(struct packet *p)
{
    struct config *c = configuration();
    if (!c || !find_vip(c, &p->flow.destination, 0, 0))
        return NO_VIP;
    struct vip *vip = find_vip(c, &p->flow.destination, 0, p->flow.protocol);
    if (!vip)
        return NO_SERVICE;
    if (vip->flags & VIP_RANGES)
        return in_range(vip, bpf_ntohs(p->flow.ports.destination), &p->service) ? SERVED : NO_SERVICE;
    p->service = vip->service;
    return SERVED;
}

static __always_inline enum served is_served(const struct config *c, struct packet *p)
{
    struct vip *vip = find_vip(c, &p->flow.destination, p->flow.ports.destination, p->flow.protocol);
    if (!vip)
        return is_served_at_any(p);
    p->service = vip->service;
    return SERVED;
}

static __always_inline int unserved(enum served why)
{
    return pass(why == NO_VIP ? PASS_NO_VIP : PASS_NO_SERVICE);
}

#endif
