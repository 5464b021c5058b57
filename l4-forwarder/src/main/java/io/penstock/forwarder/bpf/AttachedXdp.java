package io.penstock.forwarder.bpf;

import java.lang.ref.Reference;
import java.util.Optional;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What XDP runs on an interface, whoever attached it.
 *
 * @param programId see {@link BpfProgram#id}; of several, of one
 */
public record AttachedXdp(int programId, int mode) {
    /**
     * <pre>
     * struct bpf_xdp_query_opts {     bpf/libbpf.h
     *     size_t sz;              0   __u32 hw_prog_id;  16
     *     __u32 prog_id;          8   __u32 skb_prog_id; 20
     *     __u32 drv_prog_id;     12   __u8  attach_mode; 24
     * };
     * </pre>
     */
    private static final int QUERY_BYTES = 32;

    /** Empty when there is none, or no such interface. */
    public static Optional<AttachedXdp> of(int ifindex) {
        UnsafeBuffer query = Memory.options(QUERY_BYTES);
        try {
            if (Libbpf.calls().bpf_xdp_query(ifindex, 0, query.addressOffset()) < 0) {
                return Optional.empty();
            }
        } catch (BpfException e) {
            // Without libbpf it was not us who attached something.
            return Optional.empty();
        } finally {
            Reference.reachabilityFence(query);
        }
        int program = 0;
        for (int at = 8; at <= 20 && program == 0; at += Integer.BYTES) {
            program = Memory.intAt(query, at);
        }
        return program == 0 ? Optional.empty() : Optional.of(new AttachedXdp(program, query.getByte(24)));
    }

    /** {@code native}, {@code generic}, or what else there is. */
    public String modeName() {
        return switch (mode) {
            case 1 -> "native";
            case 2 -> "generic";
            case 3 -> "offloaded";
            default -> "in several modes";
        };
    }
}
