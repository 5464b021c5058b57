package io.penstock.net;

/**
 * What is asked of a socket before it is bound.
 *
 * @param device the interface that it sends and receives through (SO_BINDTODEVICE), at most {@link #MAX_DEVICE_CHARS};
 *     {@link #ANY_DEVICE} for all
 * @param transparent whether its address may be one that this host does not have (IP_TRANSPARENT, IPV6_TRANSPARENT),
 *     which takes CAP_NET_ADMIN or CAP_NET_RAW
 * @param freebind whether its address may be one that this host does not have yet (IP_FREEBIND, IPV6_FREEBIND), which anyone
 *     may ask for; of no meaning once the socket is bound
 */
public record BindOptions(String device, boolean transparent, boolean freebind) {
    public static final String ANY_DEVICE = "";

    /** IFNAMSIZ of linux/if.h without the final 0. */
    public static final int MAX_DEVICE_CHARS = 15;

    public static final BindOptions NONE = new BindOptions(ANY_DEVICE, false);

    /** Of an address that this host has, unless it is transparent. */
    public BindOptions(String device, boolean transparent) {
        this(device, transparent, false);
    }

    /** What is left of it on a socket that is bound. */
    public BindOptions bound() {
        return freebind ? new BindOptions(device, transparent) : this;
    }
}
