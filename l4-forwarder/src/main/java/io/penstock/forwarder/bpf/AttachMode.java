package io.penstock.forwarder.bpf;

/** Where the kernel runs an XDP program. */
public enum AttachMode {
    /** In the driver, before there is a socket buffer. */
    NATIVE(1 << 2, 1),
    /** In the stack, for drivers that cannot: works everywhere, costs as much as the rest of the stack. */
    GENERIC(1 << 1, 2);

    /** XDP_FLAGS_... of linux/if_link.h. */
    final int flag;

    /** XDP_ATTACHED_... of linux/if_link.h. */
    final int attached;

    AttachMode(int flag, int attached) {
        this.flag = flag;
        this.attached = attached;
    }
}
