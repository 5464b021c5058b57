/* Forwards packets of VIPs to backends, which answer the client themselves. See README.md of l4-forwarder, "Direct server return". */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include "wire.h"
#include "maps.h"
#include "counters.h"
#include "flowhash.h"

#define MAC_OCTETS 14
#define UNROLLED_RANGES 16
#define NANOS_PER_SECOND 1000000000ULL
#define TUNNEL_TTL 64

/* What is known of a packet; what it is addressed to before anything else. */
struct packet {
    struct flow flow;
    __u32 service;
    __u16 length;
    __u8 ipv6;
    __u8 tcp_flags;
};

struct trace {
    __u64 at_ns;
    struct flow flow;
    __u32 real;
    __u32 service;
    __u16 length;
    __u8 tcp_flags;
    __u8 counter;
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

static __always_inline void mapped(struct address *a, __be32 ipv4)
{
    a->halves[0] = 0;
    a->words[2] = bpf_htonl(0xffff);
    a->words[3] = ipv4;
}

static __always_inline struct config *configuration(void)
{
    __u32 zero = 0;
    return bpf_map_lookup_elem(&config, &zero);
}

/* --- whose it is --- */

static __always_inline int in_range(const struct target *target, __u16 port, __u32 *service)
{
#pragma unroll
    for (__u32 i = 0; i < UNROLLED_RANGES; i++) {
        if (i >= target->ranges)
            break;
        __u32 at = target->first_range + i;
        struct range *range = bpf_map_lookup_elem(&ranges, &at);
        if (range && port >= range->low && port <= range->high) {
            *service = range->service;
            return 1;
        }
    }
    return 0;
}

static __noinline int ranged(const struct flow *flow, __u32 *service)
{
    struct vip vip = {.address = flow->destination, .port = 0, .protocol = flow->protocol};
    struct target *target = bpf_map_lookup_elem(&vips, &vip);
    if (!target)
        return 0;
    if (target->flags & VIP_RANGES)
        return in_range(target, bpf_ntohs(flow->destination_port), service);
    *service = target->service;
    return 1;
}

static __always_inline int is_served(const struct flow *flow, __u32 *service)
{
    struct vip vip = {.address = flow->destination, .port = flow->destination_port, .protocol = flow->protocol};
    struct target *target = bpf_map_lookup_elem(&vips, &vip);
    if (target) {
        *service = target->service;
        return 1;
    }
    return ranged(flow, service);
}

static __noinline int is_vip(const struct address *address)
{
    struct vip vip = {.address = *address};
    return bpf_map_lookup_elem(&vips, &vip) != 0;
}

/* --- which backend --- */

static __always_inline __u32 ring_at(__u32 ring, __u64 hash)
{
    void *slots = bpf_map_lookup_elem(&rings, &ring);
    if (!slots)
        return NO_REAL;
    __u32 slot = (hash >> 32) * RING_SLOTS >> 32;
    __u32 *real = bpf_map_lookup_elem(slots, &slot);
    return real ? *real : NO_REAL;
}

static __always_inline struct real *living(__u32 id)
{
    struct real *real = bpf_map_lookup_elem(&reals, &id);
    return real && (real->state == STATE_UP || real->state == STATE_DRAINING) ? real : 0;
}

static __always_inline int may_remember(const struct config *c, __u64 now_ns)
{
    if (!c->new_flows)
        return 1;
    __u32 zero = 0;
    struct budget *budget = bpf_map_lookup_elem(&budgets, &zero);
    if (!budget)
        return 0;
    if (now_ns - budget->since_ns >= NANOS_PER_SECOND) {
        budget->since_ns = now_ns;
        budget->used = 0;
    }
    return budget->used++ < c->new_flows;
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

/* Of a flow that nobody remembers. */
static __noinline __u32 choose(const struct packet *p)
{
    struct config *c = configuration();
    __u32 id = p->service;
    struct service *s = bpf_map_lookup_elem(&services, &id);
    if (!c || !s)
        return NO_REAL;
    __u64 hash = hash_of(c, s, p);
    __u32 previous = s->previous;
    if (previous != NO_RING && p->flow.protocol == PROTO_TCP && !begins(p) && bpf_ktime_get_ns() < s->window_end_ns) {
        __u32 before = ring_at(previous, hash);
        if (before != NO_REAL && living(before)) {
            count(PREVIOUS_RING);
            return before;
        }
    }
    return ring_at(s->ring, hash);
}

static __always_inline __u32 select_real(const struct packet *p, int learn)
{
    __u32 id = p->service;
    struct service *s = bpf_map_lookup_elem(&services, &id);
    if (!s)
        return NO_REAL;
    int remember = s->flags & REMEMBER;
    if (remember && !begins(p)) {
        struct memory *known = bpf_map_lookup_elem(&flows, &p->flow);
        if (known) {
            __u32 real_id = known->real;
            struct real *real = living(real_id);
            if (real && real->generation == known->generation) {
                count(FLOW_HIT);
                return real_id;
            }
        }
    }
    __u32 chosen = choose(p);
    struct real *real = chosen == NO_REAL ? 0 : bpf_map_lookup_elem(&reals, &chosen);
    if (!real)
        return NO_REAL;
    if (learn && remember) {
        struct config *c = configuration();
        if (c && may_remember(c, bpf_ktime_get_ns())) {
            struct memory memory = {.real = chosen, .generation = real->generation};
            bpf_map_update_elem(&flows, &p->flow, &memory, BPF_ANY);
            count(FLOW_NEW);
        } else {
            count(FLOW_BYPASSED);
        }
    }
    return chosen;
}

/* --- on its way --- */

static __always_inline __sum16 fold(__u64 sum)
{
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return ~sum;
}

static __always_inline void seal(struct ipv4 *ip)
{
    __u32 sum = 0;
    __u16 *words = (__u16 *)ip;
    ip->checksum = 0;
#pragma unroll
    for (int i = 0; i < 10; i++)
        sum += words[i];
    ip->checksum = fold(sum);
}

static __always_inline void age(struct ipv4 *ip)
{
    __u32 sum = ip->checksum;
    sum += bpf_htons(0x0100);
    ip->checksum = (sum & 0xffff) + (sum >> 16);
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
    __u32 mixed = f->source.words[3] ^ f->source.words[1] ^ ((__u32)f->source_port << 16 | f->destination_port);
    mixed *= 0x9e3779b1;
    return mixed ^ mixed >> 16;
}

static __always_inline __be32 outer_source(const struct config *c, const struct flow *f)
{
    __u32 bits = c->entropy_bits & 31;
    __u32 mask = (1U << bits) - 1;
    __u32 own = bpf_ntohl(c->local4.words[3]);
    return bpf_htonl((own & ~mask) | (entropy(f) & mask));
}

static __always_inline void outer_ipv4(
    struct ipv4 *ip, const struct config *c, const struct packet *p, const struct real *real, __u8 protocol, __u16 more)
{
    ip->version_length = 0x45;
    ip->tos = 0;
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
    ip->version_class_label = bpf_htonl(0x60000000 | (entropy(&p->flow) & 0xfffff));
    ip->payload = bpf_htons(p->length + more);
    ip->next = protocol;
    ip->hop_limit = TUNNEL_TTL;
    __builtin_memcpy(ip->source, c->local6.octets, 16);
    __builtin_memcpy(ip->destination, real->address.octets, 16);
}

static __noinline int tunnel_ipip(struct xdp_md *ctx, const struct packet *p, const struct real *real)
{
    struct config *c = configuration();
    __u8 inner = p->ipv6 ? PROTO_IPV6 : PROTO_IPIP;
    if (!c)
        return drop(PASS_NO_CONFIG);
    if (real->flags & REAL_IPV6) {
        if (bpf_xdp_adjust_head(ctx, -(int)sizeof(struct ipv6)))
            return drop(DROP_NO_ROOM);
        struct eth *eth = data_of(ctx);
        struct ipv6 *ip = (void *)(eth + 1);
        if ((void *)(ip + 1) > end_of(ctx))
            return drop(DROP_MALFORMED);
        address_frame(eth, real, bpf_htons(ETH_IPV6));
        outer_ipv6(ip, c, p, real, inner, 0);
    } else {
        if (bpf_xdp_adjust_head(ctx, -(int)sizeof(struct ipv4)))
            return drop(DROP_NO_ROOM);
        struct eth *eth = data_of(ctx);
        struct ipv4 *ip = (void *)(eth + 1);
        if ((void *)(ip + 1) > end_of(ctx))
            return drop(DROP_MALFORMED);
        address_frame(eth, real, bpf_htons(ETH_IPV4));
        outer_ipv4(ip, c, p, real, inner, 0);
    }
    return send(ctx, real);
}

/* RFC 7348: the frame in UDP. */
static __always_inline void vxlan_headers(struct udp *udp, struct vxlan *vxlan, struct eth *inner, const struct packet *p,
                                          const struct real *real)
{
    udp->source = bpf_htons(0xc000 | (entropy(&p->flow) & 0x3fff));
    udp->destination = bpf_htons(VXLAN_PORT);
    udp->length = bpf_htons(p->length + sizeof(*udp) + sizeof(*vxlan) + sizeof(*inner));
    udp->checksum = 0;
    vxlan->flags = bpf_htonl(VXLAN_VALID);
    vxlan->vni = bpf_htonl(real->vni << 8);
    inner->destination = real->inner;
    inner->source = real->source;
    inner->type = p->ipv6 ? bpf_htons(ETH_IPV6) : bpf_htons(ETH_IPV4);
}

static __noinline int tunnel_vxlan(struct xdp_md *ctx, const struct packet *p, const struct real *real)
{
    struct config *c = configuration();
    __u16 more = sizeof(struct udp) + sizeof(struct vxlan) + sizeof(struct eth);
    if (!c)
        return drop(PASS_NO_CONFIG);
    if (real->flags & REAL_IPV6) {
        if (bpf_xdp_adjust_head(ctx, -(int)(sizeof(struct ipv6) + more)))
            return drop(DROP_NO_ROOM);
        struct eth *eth = data_of(ctx);
        struct ipv6 *ip = (void *)(eth + 1);
        struct udp *udp = (void *)(ip + 1);
        struct vxlan *vxlan = (void *)(udp + 1);
        struct eth *inner = (void *)(vxlan + 1);
        if ((void *)(inner + 1) > end_of(ctx))
            return drop(DROP_MALFORMED);
        vxlan_headers(udp, vxlan, inner, p, real);
        address_frame(eth, real, bpf_htons(ETH_IPV6));
        outer_ipv6(ip, c, p, real, PROTO_UDP, more);
    } else {
        if (bpf_xdp_adjust_head(ctx, -(int)(sizeof(struct ipv4) + more)))
            return drop(DROP_NO_ROOM);
        struct eth *eth = data_of(ctx);
        struct ipv4 *ip = (void *)(eth + 1);
        struct udp *udp = (void *)(ip + 1);
        struct vxlan *vxlan = (void *)(udp + 1);
        struct eth *inner = (void *)(vxlan + 1);
        if ((void *)(inner + 1) > end_of(ctx))
            return drop(DROP_MALFORMED);
        vxlan_headers(udp, vxlan, inner, p, real);
        address_frame(eth, real, bpf_htons(ETH_IPV4));
        outer_ipv4(ip, c, p, real, PROTO_UDP, more);
    }
    return send(ctx, real);
}

/* --- what the sender has to know --- */

#define QUOTED4 (sizeof(struct ipv4) + 8)
#define QUOTED6 512

/* RFC 1191: "fragmentation needed", from the VIP. */
static __noinline int answer_too_big4(struct xdp_md *ctx, __u16 mtu)
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
        return drop(DROP_MALFORMED);
    struct eth *before = (void *)quoted - MAC_OCTETS;
    struct eth was = *before;
    eth->destination = was.source;
    eth->source = was.destination;
    eth->type = was.type;
    ip->version_length = 0x45;
    ip->tos = 0xc0;
    ip->total = bpf_htons(room + QUOTED4);
    ip->id = 0;
    ip->fragment = 0;
    ip->ttl = TUNNEL_TTL;
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
static __noinline int answer_too_big6(struct xdp_md *ctx, __u16 mtu)
{
    int room = sizeof(struct ipv6) + sizeof(struct icmpv6);
    int had = (long)ctx->data_end - (long)ctx->data;
    if (had < MAC_OCTETS + QUOTED6)
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
        return drop(DROP_MALFORMED);
    struct eth *before = (void *)quoted - MAC_OCTETS;
    struct eth was = *before;
    eth->destination = was.source;
    eth->source = was.destination;
    eth->type = was.type;
    ip->version_class_label = bpf_htonl(0x60000000);
    ip->payload = bpf_htons(sizeof(*icmp) + QUOTED6);
    ip->next = PROTO_ICMPV6;
    ip->hop_limit = TUNNEL_TTL;
    __builtin_memcpy(ip->source, quoted->destination, 16);
    __builtin_memcpy(ip->destination, quoted->source, 16);
    icmp->type = ICMPV6_TOO_BIG;
    icmp->code = 0;
    icmp->checksum = 0;
    icmp->mtu = bpf_htonl(mtu);
    /* bpf_csum_diff takes at most 512 octets at a time. */
    __u64 sum = (__u32)bpf_csum_diff(0, 0, (__be32 *)ip->source, 32, 0);
    sum = (__u32)bpf_csum_diff(0, 0, (__be32 *)icmp, sizeof(*icmp), sum);
    sum = (__u32)bpf_csum_diff(0, 0, (__be32 *)quoted, QUOTED6, sum);
    sum += ip->payload;
    sum += bpf_htons(PROTO_ICMPV6);
    icmp->checksum = fold(sum);
    count(TOO_BIG_ANSWERED);
    return XDP_TX;
}

static __always_inline __u16 overhead(const struct real *real)
{
    __u16 outer = real->flags & REAL_IPV6 ? sizeof(struct ipv6) : sizeof(struct ipv4);
    if (real->encapsulation == ENCAP_IPIP)
        return outer;
    if (real->encapsulation == ENCAP_VXLAN)
        return outer + sizeof(struct udp) + sizeof(struct vxlan) + sizeof(struct eth);
    return 0;
}

static __noinline int too_big(struct xdp_md *ctx, const struct packet *p, __u16 mtu)
{
    if (p->ipv6)
        return answer_too_big6(ctx, mtu);
    struct ipv4 *ip = data_of(ctx) + MAC_OCTETS;
    if ((void *)(ip + 1) > end_of(ctx))
        return drop(DROP_MALFORMED);
    if (!(ip->fragment & bpf_htons(IPV4_DONT_FRAGMENT)))
        return drop(DROP_TOO_BIG);
    return answer_too_big4(ctx, mtu);
}

static __always_inline void account(const struct packet *p, __u32 id)
{
    __u32 service = p->service;
    struct volume *volume = bpf_map_lookup_elem(&service_volumes, &service);
    if (volume) {
        volume->packets++;
        volume->octets += p->length;
    }
    volume = bpf_map_lookup_elem(&real_volumes, &id);
    if (volume) {
        volume->packets++;
        volume->octets += p->length;
    }
}

static __noinline void trace(const struct packet *p, __u32 real, __u32 every)
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
    entry->counter = FORWARDED;
    bpf_ringbuf_submit(entry, 0);
}

static __noinline int emit(struct xdp_md *ctx, const struct packet *p, __u32 id)
{
    struct real *real = id == NO_REAL ? 0 : living(id);
    if (!real)
        return drop(DROP_NO_REAL);
    if (!(real->flags & REAL_HAS_MAC))
        return drop(DROP_NO_MAC);
    __u16 more = overhead(real);
    if (more && real->mtu && p->length + more > real->mtu)
        return too_big(ctx, p, real->mtu - more);
    struct config *c = configuration();
    if (c && c->trace_every)
        trace(p, id, c->trace_every);
    account(p, id);
    count(FORWARDED);
    if (real->encapsulation == ENCAP_IPIP)
        return tunnel_ipip(ctx, p, real);
    if (real->encapsulation == ENCAP_VXLAN)
        return tunnel_vxlan(ctx, p, real);
    struct eth *eth = data_of(ctx);
    if ((void *)(eth + 1) > end_of(ctx))
        return drop(DROP_MALFORMED);
    address_frame(eth, real, eth->type);
    return send(ctx, real);
}

/* --- ICMP --- */

static __always_inline int quoted_ports(struct xdp_md *ctx, struct packet *p, void *at)
{
    struct ports *ports = at;
    if ((void *)(ports + 1) > end_of(ctx))
        return 0;
    /* Who was told of it had sent it: it goes where the flow's other direction comes from. */
    p->flow.source_port = ports->destination;
    p->flow.destination_port = ports->source;
    return p->flow.protocol == PROTO_TCP || p->flow.protocol == PROTO_UDP;
}

static __always_inline int steer(struct xdp_md *ctx, struct packet *p)
{
    /* Of an established one, if it is TCP: the previous ring counts. */
    p->tcp_flags = TCP_ACK;
    if (!is_served(&p->flow, &p->service))
        return pass(PASS_NO_SERVICE);
    count(ICMP_STEERED);
    return emit(ctx, p, select_real(p, 0));
}

static __always_inline int echo4(struct xdp_md *ctx, struct eth *eth, struct ipv4 *ip, struct icmp *icmp)
{
    struct mac mac = eth->source;
    eth->source = eth->destination;
    eth->destination = mac;
    __be32 address = ip->source;
    ip->source = ip->destination;
    ip->destination = address;
    icmp->type = ICMP_ECHO_REPLY;
    __u32 sum = icmp->checksum;
    sum += bpf_htons(0x0800);
    icmp->checksum = (sum & 0xffff) + (sum >> 16);
    count(ICMP_ECHOED);
    return XDP_TX;
}

static __noinline int on_icmp4(struct xdp_md *ctx)
{
    struct eth *eth = data_of(ctx);
    struct ipv4 *ip = (void *)(eth + 1);
    struct icmp *icmp = (void *)(ip + 1);
    struct address vip;
    if ((void *)(icmp + 1) > end_of(ctx))
        return drop(DROP_MALFORMED);
    mapped(&vip, ip->destination);
    if (!is_vip(&vip))
        return pass(PASS_NO_VIP);
    if (icmp->type == ICMP_ECHO)
        return echo4(ctx, eth, ip, icmp);
    if (icmp->type != ICMP_UNREACHABLE && icmp->type != ICMP_TIME_EXCEEDED)
        return drop(DROP_ICMP);
    struct ipv4 *quoted = (void *)(icmp + 1);
    if ((void *)(quoted + 1) > end_of(ctx))
        return drop(DROP_MALFORMED);
    if (quoted->version_length != 0x45 || quoted->source != ip->destination)
        return drop(DROP_ICMP);
    struct packet p = {.length = bpf_ntohs(ip->total)};
    mapped(&p.flow.source, quoted->destination);
    mapped(&p.flow.destination, quoted->source);
    p.flow.protocol = quoted->protocol;
    if (!quoted_ports(ctx, &p, quoted + 1))
        return drop(DROP_ICMP);
    return steer(ctx, &p);
}

static __always_inline int echo6(struct eth *eth, struct ipv6 *ip, struct icmpv6 *icmp)
{
    struct mac mac = eth->source;
    eth->source = eth->destination;
    eth->destination = mac;
    struct address address;
    __builtin_memcpy(address.octets, ip->source, 16);
    __builtin_memcpy(ip->source, ip->destination, 16);
    __builtin_memcpy(ip->destination, address.octets, 16);
    icmp->type = ICMPV6_ECHO_REPLY;
    __u32 sum = icmp->checksum;
    /* One more in the upper octet of a word. */
    sum += bpf_htons(0xfeff);
    icmp->checksum = (sum & 0xffff) + (sum >> 16);
    count(ICMP_ECHOED);
    return XDP_TX;
}

static __noinline int on_icmp6(struct xdp_md *ctx)
{
    struct eth *eth = data_of(ctx);
    struct ipv6 *ip = (void *)(eth + 1);
    struct icmpv6 *icmp = (void *)(ip + 1);
    struct address vip;
    if ((void *)(icmp + 1) > end_of(ctx))
        return drop(DROP_MALFORMED);
    __builtin_memcpy(vip.octets, ip->destination, 16);
    if (!is_vip(&vip))
        return pass(PASS_NO_VIP);
    if (icmp->type == ICMPV6_ECHO)
        return echo6(eth, ip, icmp);
    if (icmp->type < ICMPV6_UNREACHABLE || icmp->type > ICMPV6_TIME_EXCEEDED)
        return pass(PASS_PROTOCOL);
    struct ipv6 *quoted = (void *)(icmp + 1);
    if ((void *)(quoted + 1) > end_of(ctx))
        return drop(DROP_MALFORMED);
    struct packet p = {.length = bpf_ntohs(ip->payload) + sizeof(*ip), .ipv6 = 1};
    __builtin_memcpy(p.flow.source.octets, quoted->destination, 16);
    __builtin_memcpy(p.flow.destination.octets, quoted->source, 16);
    if (p.flow.destination.halves[0] != vip.halves[0] || p.flow.destination.halves[1] != vip.halves[1])
        return drop(DROP_ICMP);
    p.flow.protocol = quoted->next;
    if (!quoted_ports(ctx, &p, quoted + 1))
        return drop(DROP_ICMP);
    return steer(ctx, &p);
}

/* --- fragments --- */

static __always_inline void fragment_key(struct fragment *key, const struct packet *p, __be32 id)
{
    __builtin_memset(key, 0, sizeof(*key));
    key->source = p->flow.source;
    key->destination = p->flow.destination;
    key->id = id;
    key->protocol = p->flow.protocol;
}

static __noinline int on_later_fragment(struct xdp_md *ctx, struct packet *p, __be32 id)
{
    struct fragment key;
    fragment_key(&key, p, id);
    if (!is_vip(&p->flow.destination))
        return pass(PASS_NO_VIP);
    struct memory *known = bpf_map_lookup_elem(&fragments, &key);
    if (!known)
        return drop(DROP_FRAGMENT_UNKNOWN);
    p->service = known->generation;
    count(FRAGMENT_FORWARDED);
    return emit(ctx, p, known->real);
}

static __noinline void remember_fragment(const struct packet *p, __be32 id, __u32 real)
{
    struct fragment key;
    struct memory memory = {.real = real, .generation = p->service};
    fragment_key(&key, p, id);
    bpf_map_update_elem(&fragments, &key, &memory, BPF_ANY);
}

/* --- what comes --- */

static __always_inline int transport(struct xdp_md *ctx, struct packet *p, void *at)
{
    if (p->flow.protocol == PROTO_TCP) {
        struct tcp *tcp = at;
        if ((void *)(tcp + 1) > end_of(ctx))
            return 0;
        p->flow.source_port = tcp->source;
        p->flow.destination_port = tcp->destination;
        p->tcp_flags = tcp->flags;
    } else {
        struct udp *udp = at;
        if ((void *)(udp + 1) > end_of(ctx))
            return 0;
        p->flow.source_port = udp->source;
        p->flow.destination_port = udp->destination;
    }
    return 1;
}

static __noinline int unusual4(const struct packet *p, enum counter why)
{
    return is_vip(&p->flow.destination) ? drop(why) : pass(PASS_NO_VIP);
}

static __always_inline int on_ipv4(struct xdp_md *ctx, struct packet *p)
{
    struct ipv4 *ip = data_of(ctx) + MAC_OCTETS;
    if ((void *)(ip + 1) > end_of(ctx))
        return pass(PASS_NOT_IP);
    p->flow.protocol = ip->protocol;
    p->length = bpf_ntohs(ip->total);
    mapped(&p->flow.source, ip->source);
    mapped(&p->flow.destination, ip->destination);
    if (ip->version_length != 0x45)
        return unusual4(p, ip->version_length > 0x45 && ip->version_length < 0x50 ? DROP_OPTIONS : DROP_MALFORMED);
    if (ip->protocol == PROTO_ICMP)
        return on_icmp4(ctx);
    if (ip->protocol != PROTO_TCP && ip->protocol != PROTO_UDP)
        return pass(PASS_PROTOCOL);
    __be32 id = ip->id;
    __u16 fragment = bpf_ntohs(ip->fragment);
    if (fragment & IPV4_FRAGMENT_OFFSET)
        return on_later_fragment(ctx, p, id);
    if (!transport(ctx, p, ip + 1))
        return unusual4(p, DROP_MALFORMED);
    if (!is_served(&p->flow, &p->service))
        return pass(PASS_NO_SERVICE);
    if (ip->ttl <= 1)
        return drop(DROP_TTL);
    age(ip);
    __u32 real = select_real(p, 1);
    if (fragment & IPV4_MORE_FRAGMENTS)
        remember_fragment(p, id, real);
    return emit(ctx, p, real);
}

static __always_inline int on_ipv6(struct xdp_md *ctx, struct packet *p)
{
    struct ipv6 *ip = data_of(ctx) + MAC_OCTETS;
    if ((void *)(ip + 1) > end_of(ctx))
        return pass(PASS_NOT_IP);
    p->ipv6 = 1;
    p->flow.protocol = ip->next;
    p->length = bpf_ntohs(ip->payload) + sizeof(*ip);
    __builtin_memcpy(p->flow.source.octets, ip->source, 16);
    __builtin_memcpy(p->flow.destination.octets, ip->destination, 16);
    if (ip->next == PROTO_ICMPV6)
        return on_icmp6(ctx);
    if (ip->next != PROTO_TCP && ip->next != PROTO_UDP)
        return unusual4(p, DROP_EXTENSIONS);
    if (!transport(ctx, p, ip + 1))
        return unusual4(p, DROP_MALFORMED);
    if (!is_served(&p->flow, &p->service))
        return pass(PASS_NO_SERVICE);
    if (ip->hop_limit <= 1)
        return drop(DROP_TTL);
    ip->hop_limit--;
    return emit(ctx, p, select_real(p, 1));
}

SEC("xdp")
int penstock(struct xdp_md *ctx)
{
    struct eth *eth = data_of(ctx);
    struct packet p = {};
    if ((void *)(eth + 1) > end_of(ctx))
        return pass(PASS_NOT_IP);
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
