/* One map of each kind and small programs, for the tests of what loads them. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16);
    __type(key, __u32);
    __type(value, __u64);
} table SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, 1000);
    __type(key, __u32);
    __type(value, __u32);
} numbers SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u32);
} runs SEC(".maps");

struct ring {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, 101);
    __type(key, __u32);
    __type(value, __u32);
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, 3);
    __type(key, __u32);
    __array(values, struct ring);
} rings SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 1 << 12);
} events SEC(".maps");

SEC("xdp")
int let_pass(struct xdp_md *ctx)
{
    return XDP_PASS;
}

/* One more run on this CPU. */
SEC("xdp")
int count_and_drop(struct xdp_md *ctx)
{
    __u32 zero = 0;
    __u32 *count = bpf_map_lookup_elem(&runs, &zero);
    if (count)
        (*count)++;
    return XDP_DROP;
}

/* Says how long the packet is. */
SEC("xdp")
int tell_length(struct xdp_md *ctx)
{
    __u64 *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
    if (!event)
        return XDP_ABORTED;
    *event = ctx->data_end - ctx->data;
    bpf_ringbuf_submit(event, 0);
    return XDP_PASS;
}

/* The last slot of ring 2 is the packet's first octet, after two more octets in front. */
SEC("xdp")
int write_slot(struct xdp_md *ctx)
{
    __u32 which = 2, last = 100;
    void *ring = bpf_map_lookup_elem(&rings, &which);
    if (!ring || bpf_xdp_adjust_head(ctx, -2))
        return XDP_ABORTED;
    __u8 *data = (void *)(long)ctx->data;
    __u32 *slot = bpf_map_lookup_elem(ring, &last);
    if (!slot || (void *)(data + 1) > (void *)(long)ctx->data_end)
        return XDP_ABORTED;
    *data = *slot;
    return XDP_TX;
}

SEC("tc")
int let_leave(struct __sk_buff *skb)
{
    return 0;
}

SEC("tc")
int let_none_leave(struct __sk_buff *skb)
{
    return 2;
}

char LICENSE[] SEC("license") = "GPL";
