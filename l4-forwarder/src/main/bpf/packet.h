/* What the parts of the forwarding program have in common. */
#ifndef PENSTOCK_PACKET_H
#define PENSTOCK_PACKET_H

#include <bpf/bpf_endian.h>
#include "counters.h"
#include "tables.h"

#define MAC_OCTETS 14

/* What is known of a packet. */
struct packet {
    struct flow flow;
    __u32 service;
    /* Of the IP packet, without what Ethernet adds. */
    __u32 length;
    __u32 sequence;
    __u8 ipv6;
    __u8 tcp_flags;
    __u8 dscp;
};

static __always_inline void count(enum counter which)
{
    __u32 key = which;
    __u64 *value = bpf_map_lookup_elem(&counters, &key);
    if (value)
        (*value)++;
}

static __always_inline int pass(enum counter why)
{
    count(why);
    return XDP_PASS;
}

static __always_inline int drop(enum counter why)
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

/* Eight octets at a time, as they are read again: a load of what several stores have written waits for them. */
static __always_inline __u64 half(__be32 first, __be32 second)
{
    return (__u64)second << 32 | first;
}

/* That it is all in the frame which its header speaks of. */
static __always_inline int is_whole(struct xdp_md *ctx, const struct packet *p)
{
    return p->length <= ctx->data_end - ctx->data - MAC_OCTETS;
}

static __always_inline void mapped(struct address *a, __be32 ipv4)
{
    a->halves[0] = 0;
    a->halves[1] = half(bpf_htonl(0xffff), ipv4);
}

static __always_inline void copied(struct address *a, const __be32 *ipv6)
{
    a->halves[0] = half(ipv6[0], ipv6[1]);
    a->halves[1] = half(ipv6[2], ipv6[3]);
}

static __always_inline struct config *configuration(void)
{
    __u32 zero = 0;
    return bpf_map_lookup_elem(&config, &zero);
}

static __always_inline __sum16 fold(__u64 sum)
{
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return ~sum;
}

static __always_inline void seal(struct ipv4 *ip)
{
    __u64 sum = 0;
    __u32 *words = (__u32 *)ip;
    ip->checksum = 0;
#pragma unroll
    for (int i = 0; i < 5; i++)
        sum += words[i];
    sum = (sum & 0xffffffff) + (sum >> 32);
    ip->checksum = fold((sum & 0xffff) + (sum >> 16));
}

static __noinline void note(const struct packet *p, __u32 real, enum counter what, __u32 every)
{
    if (bpf_get_prandom_u32() % every)
        return;
    struct trace *entry = bpf_ringbuf_reserve(&traces, sizeof(*entry), 0);
    if (!entry)
        return;
    entry->at_ns = bpf_ktime_get_ns();
    entry->flow = p->flow;
    entry->real = real;
    entry->service = p->service;
    entry->length = p->length;
    entry->tcp_flags = p->tcp_flags;
    entry->counter = what;
    entry->zero = 0;
    bpf_ringbuf_submit(entry, 0);
}

static __always_inline void trace(const struct config *c, const struct packet *p, __u32 real, enum counter what)
{
    if (c->trace_every)
        note(p, real, what, c->trace_every);
}

/* Of a packet for a service, which a trace shows too. */
static __always_inline int refuse(const struct config *c, const struct packet *p, __u32 real, enum counter why)
{
    trace(c, p, real, why);
    return drop(why);
}

#endif
