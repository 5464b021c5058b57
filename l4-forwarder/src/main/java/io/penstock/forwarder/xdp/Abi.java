package io.penstock.forwarder.xdp;

/** What the program and this side must agree about: maps.h. Whoever changes one of these counts {@link #VERSION} up. */
final class Abi {
    static final int VERSION = 2;

    static final int RING_SLOTS = 65_537;
    static final int MAX_RINGS = 4096;
    static final int MAX_SERVICES = 1024;
    static final int MAX_REALS = 4096;
    static final int MAX_VIPS = 8192;

    /** An interface is where its number leaves the remainder. */
    static final int MAX_INTERFACES = 64;

    /** In a slot of a ring, or as a ring of a service: none. */
    static final int NONE = 0xffff_ffff;

    /** Two halves, of which the program reads one. */
    static final int VIP_SLOTS = 32_768;

    static final int VIP_PROBES = 16;
    static final int MAX_RANGES = 4096;
    static final int RANGES_PER_VIP = 16;

    /** {@code struct config}. */
    static final int CONFIG_BYTES = 80;

    static final int CONFIG_ABI = 0;
    static final int CONFIG_GENERATION = 4;
    static final int CONFIG_KEY0 = 8;
    static final int CONFIG_KEY1 = 16;
    static final int CONFIG_VIP_SEED = 24;
    static final int CONFIG_VIP_BASE = 32;
    static final int CONFIG_NEW_FLOWS = 36;
    static final int CONFIG_TRACE_EVERY = 40;
    static final int CONFIG_ENTROPY_BITS = 44;
    static final int CONFIG_LOCAL4 = 48;
    static final int CONFIG_LOCAL6 = 64;

    /** {@code struct range}. */
    static final int RANGE_BYTES = 8;

    /** {@code struct lease}. */
    static final int LEASE_BYTES = 16;

    static final int LEASE_PID = 8;

    /** {@code struct interface}. */
    static final int INTERFACE_BYTES = 12;

    static final int INTERFACE_MAC = 4;
    static final int INTERFACE_ZERO = 10;

    /** {@code struct volume}. */
    static final int VOLUME_BYTES = 16;

    private Abi() {}
}
