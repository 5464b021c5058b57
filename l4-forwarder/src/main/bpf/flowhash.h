/* SipHash-2-4 (Aumasson and Bernstein, 2012) of the 13 or 37 octets of a flow or the 16 of a source: io.penstock.net.FlowHash. */
#ifndef PENSTOCK_FLOWHASH_H
#define PENSTOCK_FLOWHASH_H

#include <bpf/bpf_endian.h>
#include "maps.h"

#define ROTATE(x, b) (((x) << (b)) | ((x) >> (64 - (b))))

struct sip {
    __u64 v0, v1, v2, v3;
};

static __always_inline void sip_round(struct sip *s)
{
    s->v0 += s->v1;
    s->v2 += s->v3;
    s->v1 = ROTATE(s->v1, 13) ^ s->v0;
    s->v3 = ROTATE(s->v3, 16) ^ s->v2;
    s->v0 = ROTATE(s->v0, 32);
    s->v2 += s->v1;
    s->v0 += s->v3;
    s->v1 = ROTATE(s->v1, 17) ^ s->v2;
    s->v3 = ROTATE(s->v3, 21) ^ s->v0;
    s->v2 = ROTATE(s->v2, 32);
}

static __always_inline void sip_word(struct sip *s, __u64 word)
{
    s->v3 ^= word;
    sip_round(s);
    sip_round(s);
    s->v0 ^= word;
}

static __always_inline struct sip sip_begin(const struct config *c)
{
    struct sip s = {
        .v0 = c->key0 ^ 0x736f6d6570736575ULL,
        .v1 = c->key1 ^ 0x646f72616e646f6dULL,
        .v2 = c->key0 ^ 0x6c7967656e657261ULL,
        .v3 = c->key1 ^ 0x7465646279746573ULL,
    };
    return s;
}

static __always_inline __u64 sip_end(struct sip *s)
{
    s->v2 ^= 0xff;
    sip_round(s);
    sip_round(s);
    sip_round(s);
    sip_round(s);
    return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

static __always_inline int is_ipv4(const struct address *a)
{
    return a->halves[0] == 0 && (__u32)a->halves[1] == bpf_htonl(0xffff);
}

static __always_inline __u64 hash_flow(const struct config *c, const struct flow *f)
{
    struct sip s = sip_begin(c);
    __u64 tail = (__u64)f->protocol << 32 | f->ports.both;
    if (is_ipv4(&f->source) && is_ipv4(&f->destination)) {
        sip_word(&s, f->source.halves[1] >> 32 | (f->destination.halves[1] & ~0xffffffffULL));
        sip_word(&s, 13ULL << 56 | tail);
        return sip_end(&s);
    }
    sip_word(&s, f->source.halves[0]);
    sip_word(&s, f->source.halves[1]);
    sip_word(&s, f->destination.halves[0]);
    sip_word(&s, f->destination.halves[1]);
    sip_word(&s, 37ULL << 56 | tail);
    return sip_end(&s);
}

/* The bits of a half in network order that count. */
static __always_inline __u64 half_mask(__u32 bits)
{
    if (bits == 0)
        return 0;
    return __builtin_bswap64(bits >= 64 ? ~0ULL : ~0ULL << (64 - bits));
}

static __always_inline __u64 hash_source(const struct config *c, const struct address *a, __u32 bits)
{
    struct sip s = sip_begin(c);
    sip_word(&s, a->halves[0] & half_mask(bits));
    sip_word(&s, a->halves[1] & (bits <= 64 ? 0 : half_mask(bits - 64)));
    sip_word(&s, 16ULL << 56);
    return sip_end(&s);
}

#endif
