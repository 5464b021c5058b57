package io.penstock.vrrp.simulate;

/** How packets fare between two hosts. */
@FunctionalInterface
public interface Links {
    long LOST = -1;

    /** How long a packet that is sent now takes, or {@link #LOST}. */
    long delayNs(String from, String to, long nowNs);
}
