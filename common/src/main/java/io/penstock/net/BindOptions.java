package io.penstock.net;

/**
 * What is asked of a socket before it is bound.
 *
 * @param device the interface that it sends and receives through (SO_BINDTODEVICE), at most {@link #MAX_DEVICE_CHARS};
 *     {@link #ANY_DEVICE} for all
 * @param transparent whether its address may be one that this host does not have (IP_TRANSPARENT, IPV6_TRANSPARENT),
 *     which takes CAP_NET_ADMIN or CAP_NET_RAW
 */
public record BindOptions(String device, boolean transparent) {
    public static final String ANY_DEVICE = "";

    /** IFNAMSIZ of linux/if.h without the final 0. */
    public static final int MAX_DEVICE_CHARS = 15;

    public static final BindOptions NONE = new BindOptions(ANY_DEVICE, false);
}
