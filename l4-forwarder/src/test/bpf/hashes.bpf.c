/* What the forwarder's program computes of a flow, for the tests that Java computes the same. */
#pragma clang diagnostic ignored "-Wunused-function"
#include "flowhash.h"
#include "vip.h"

/* A packet of the test, which is nothing else. */
struct question {
    struct flow flow;
    __u32 prefix;
    __u32 first_slot;
    __u64 by_flow;
    __u64 by_source;
};

SEC("xdp")
int hashes(struct xdp_md *ctx)
{
    struct config *c = configuration();
    struct question *q = data_of(ctx);
    if (!c || (void *)(q + 1) > end_of(ctx))
        return XDP_ABORTED;
    q->by_flow = hash_flow(c, &q->flow);
    q->by_source = hash_source(c, &q->flow.source, q->prefix);
    q->first_slot = first_slot(&q->flow.destination, q->flow.ports.destination | q->flow.protocol << 16, c->vip_seed);
    return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
