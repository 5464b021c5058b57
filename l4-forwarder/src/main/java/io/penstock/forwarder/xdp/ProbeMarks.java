package io.penstock.forwarder.xdp;

/**
 * The marks by which the program at the way out knows a probe and the backend that it is meant for. Planes of one host number their
 * backends alike, so a mark tells whose it is.
 */
final class ProbeMarks {
    /** In the first four bits. */
    private static final int PROBE = 0x7000_0000;

    /** Of the backend's number, which are the last. */
    private static final int REAL_BITS = 12;

    private static final int PLANE_BITS = 16;

    /** "ps" in the first half, so that another program's filter is not replaced by chance. */
    private static final int HANDLE = 0x7073_0000;

    private final int plane;

    ProbeMarks(String plane) {
        int hash = plane.hashCode() * 0x9e37_79b9;
        this.plane = hash >>> (Integer.SIZE - PLANE_BITS);
    }

    /** @param real from 0 to {@link Abi#MAX_REALS} - 1 */
    int mark(int real) {
        return PROBE | bits() | real;
    }

    /** What all marks of this plane have between the kind and the number. */
    int bits() {
        return plane << REAL_BITS;
    }

    /** Of this plane's filters. */
    int handle() {
        return HANDLE | plane;
    }
}
