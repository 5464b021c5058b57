/* Which backend a packet goes to. */
#ifndef PENSTOCK_SELECT_H
#define PENSTOCK_SELECT_H

#include "flowhash.h"
#include "packet.h"

#define NANOS_PER_SECOND 1000000000ULL

/* In octets of TCP. */
#define SEQUENCE_REACH (1U << 26)
#define SEQUENCE_STEP (1U << 20)

static __always_inline struct real *real_of(__u32 id)
{
    return bpf_map_lookup_elem(&reals, &id);
}

static __always_inline int lives(const struct real *real)
{
    return real->state == STATE_UP || real->state == STATE_DRAINING;
}

static __always_inline __u32 ring_at(__u32 ring, __u64 hash)
{
    void *slots = bpf_map_lookup_elem(&rings, &ring);
    if (!slots)
        return NO_REAL;
    __u32 slot = (hash >> 32) * RING_SLOTS >> 32;
    __u32 *real = bpf_map_lookup_elem(slots, &slot);
    return real ? *real : NO_REAL;
}

static __always_inline __u64 hash_of(const struct config *c, const struct service *s, const struct packet *p)
{
    if (!(s->flags & BY_SOURCE))
        return hash_flow(c, &p->flow);
    return hash_source(c, &p->flow.source, p->ipv6 ? s->ipv6_prefix : 96 + s->ipv4_prefix);
}

static __always_inline int begins(const struct packet *p)
{
    return (p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}

static __always_inline int is_changing(const struct service *s)
{
    return s->previous != NO_RING && bpf_ktime_get_ns() < s->window_end_ns;
}

/*
 * Of a flow that nobody remembers. In the midst of a connection, while a change is young, the forwarder that had it before
 * chose by the ring before, or somebody remembered that it did.
 */
static __always_inline __u32 choose(const struct config *c, const struct service *s, const struct packet *p, int changing)
{
    __u64 hash = hash_of(c, s, p);
    if (changing && p->flow.protocol == PROTO_TCP && !begins(p)) {
        __u32 before = ring_at(s->previous, hash);
        struct real *real = before == NO_REAL ? 0 : real_of(before);
        if (real && lives(real)) {
            count(PREVIOUS_RING);
            return before;
        }
    }
    return ring_at(s->ring, hash);
}

static __always_inline int is_in_budget(const struct config *c)
{
    if (!c->new_flows)
        return 1;
    __u32 zero = 0;
    __u64 now_ns = bpf_ktime_get_ns();
    struct budget *budget = bpf_map_lookup_elem(&budgets, &zero);
    if (!budget)
        return 0;
    if (now_ns - budget->since_ns >= NANOS_PER_SECOND) {
        budget->since_ns = now_ns;
        budget->used = 0;
    }
    return budget->used++ < c->new_flows;
}

/* What the memory of a flow must say to count: that of one window says nothing in the next, if flows are remembered in windows only. */
static __always_inline __u32 stamp(const struct service *s, const struct real *real)
{
    return s->flags & REMEMBER ? real->generation : real->generation ^ (__u32)(s->window_end_ns >> 10);
}

/* A flood of new flows would push out those that last. */
static __noinline void remember(const struct packet *p, __u32 id)
{
    struct config *c = configuration();
    struct real *real = real_of(id);
    __u32 service = p->service;
    struct service *s = bpf_map_lookup_elem(&services, &service);
    if (!c || !real || !s)
        return;
    if (!is_in_budget(c)) {
        count(FLOW_BYPASSED);
        return;
    }
    struct memory memory = {.real = id, .generation = stamp(s, real), .sequence = p->sequence};
    bpf_map_update_elem(&flows, &p->flow, &memory, BPF_ANY);
    count(FLOW_NEW);
}

/*
 * A client uses ports again, and when the router had given the new connection to another forwarder at first, all that is known here is
 * the one before. A new connection begins at a number of its own (RFC 6528), while one goes on from where it was; what it has
 * sent by other ways meanwhile is less than this, or it goes by the ring.
 */
static __always_inline int is_of_before(struct memory *memory, const struct packet *p)
{
    if (p->flow.protocol != PROTO_TCP)
        return 0;
    __u32 ahead = p->sequence - memory->sequence;
    if (ahead + SEQUENCE_REACH > 2 * SEQUENCE_REACH)
        return 1;
    /* Not at each packet: others read what stands beside it. */
    if (ahead + SEQUENCE_STEP > 2 * SEQUENCE_STEP)
        memory->sequence = p->sequence;
    return 0;
}

/* What an ICMP error quotes is the backend's, whose numbers are others. */
static __always_inline __u32 known(const struct service *s, const struct packet *p, int quoted)
{
    struct memory *memory = bpf_map_lookup_elem(&flows, &p->flow);
    if (!memory || (!quoted && is_of_before(memory, p)))
        return NO_REAL;
    __u32 id = memory->real;
    struct real *real = real_of(id);
    return real && lives(real) && stamp(s, real) == memory->generation ? id : NO_REAL;
}

/*
 * The first packet of a connection is remembered only where the next would not find the same backend: while a change is young, or
 * when the flow of the same ports before it is remembered. So a flood of SYNs pushes nobody out.
 */
static __always_inline int is_worth_it(const struct packet *p, int changing)
{
    return changing || !begins(p) || bpf_map_lookup_elem(&flows, &p->flow);
}

/*
 * Without a flow table, too, flows are remembered while a change is young: else the second packet of one that began by the
 * new ring would go by the one before.
 */
static __always_inline __u32 select_real(const struct config *c, const struct packet *p, int learns)
{
    __u32 service = p->service;
    struct service *s = bpf_map_lookup_elem(&services, &service);
    if (!s)
        return NO_REAL;
    int changing = is_changing(s);
    int remembers = changing || s->flags & REMEMBER;
    if (remembers && !begins(p)) {
        __u32 id = known(s, p, !learns);
        if (id != NO_REAL) {
            count(FLOW_HIT);
            return id;
        }
    }
    __u32 id = choose(c, s, p, changing);
    if (learns && remembers && id != NO_REAL && is_worth_it(p, changing))
        remember(p, id);
    return id;
}

/* Without learning, once for all that is rare. */
static __noinline __u32 select_rare(const struct packet *p)
{
    struct config *c = configuration();
    return c ? select_real(c, p, 0) : NO_REAL;
}

#endif
