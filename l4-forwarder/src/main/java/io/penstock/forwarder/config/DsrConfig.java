package io.penstock.forwarder.config;

/**
 * How packets of a service in {@code mode: dsr} reach its backends, which answer the clients directly.
 *
 * @param vni the segment of VXLAN, 0 to {@link #MAX_VNI}; of no meaning for others
 * @param flowTable whether flows keep their backend when the pool changes
 */
public record DsrConfig(Encapsulation encapsulation, int vni, boolean flowTable) {
    public static final int DEFAULT_VNI = 100;

    /** RFC 7348 section 5: 24 bits. */
    public static final int MAX_VNI = (1 << 24) - 1;

    /** What a packet travels in. */
    public enum Encapsulation {
        L2,
        IPIP,
        VXLAN;

        /** As the file writes it. */
        public String label() {
            return switch (this) {
                case L2 -> "l2";
                case IPIP -> "ipip";
                case VXLAN -> "vxlan";
            };
        }
    }

    /** Whether a backend's host that is prepared for the one takes the packets of the other too. */
    boolean arrivesAs(DsrConfig other) {
        return encapsulation == other.encapsulation && (encapsulation != Encapsulation.VXLAN || vni == other.vni);
    }

    /** Such as {@code ipip} or {@code vxlan (vni 100)}. */
    @Override
    public String toString() {
        return encapsulation == Encapsulation.VXLAN ? "vxlan (vni " + vni + ")" : encapsulation.label();
    }
}
