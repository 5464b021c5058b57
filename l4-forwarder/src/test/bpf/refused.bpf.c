/* What no verifier accepts: reads a packet without a look at where it ends. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int reads_too_far(struct xdp_md *ctx)
{
    return *(__u8 *)(long)ctx->data;
}

char LICENSE[] SEC("license") = "GPL";
