package io.penstock.netlink;

/**
 * An interface with a hardware address of its own, on another interface.
 *
 * @param index its number, from 1; 0 before it is made
 * @param lowerIndex the interface that it is on
 * @param hardwareAddress six octets as hexadecimal numbers with colons
 * @param mode MACVLAN_MODE_* of linux/if_link.h
 */
public record Macvlan(int index, String name, int lowerIndex, String hardwareAddress, int mode) {
    /** Nothing passes between it and others on the same interface, or that interface itself. */
    public static final int MODE_PRIVATE = 1;

    /**
     * Those on the same interface reach each other. Unlike in private mode, a multicast frame whose source is this one's own hardware
     * address, from another host that has it too, still reaches the lower interface (macvlan_handle_frame).
     */
    public static final int MODE_BRIDGE = 4;
}
