package io.penstock.forwarder.xdp;

import io.penstock.forwarder.bpf.BpfException;
import io.penstock.net.FlowHash;
import io.penstock.net.IpAddress;
import java.util.Optional;
import java.util.Set;

/** The maps of the program, as the thread {@code fwd-xdp} writes them. */
interface PlaneMaps {
    /** The key of the flow hash. */
    void putKey(FlowHash key);

    /**
     * What goes for all services.
     *
     * @param newFlows that a core remembers in a second; 0 for no bound
     * @param local4 the outer source of tunnels over IPv4; {@link IpAddress#ANY_IPV4} for none
     */
    void putNumbers(int newFlows, int entropyBits, IpAddress local4, IpAddress local6);

    void putReal(int id, Real real) throws BpfException;

    Real real(int id);

    /** The ring, the one before and the end of the window change at once. */
    void putService(int index, ServiceEntry entry) throws BpfException;

    ServiceEntry service(int index);

    /** Makes a ring of its own, fills it, and lets the program look it up by this number. */
    void putRing(int id, int[] slots) throws BpfException;

    /** What is in a ring; empty where there is none, or none that this process may look into. */
    Optional<int[]> ring(int id) throws BpfException;

    boolean hasRing(int id);

    void removeRing(int id);

    /** Writes the half that is not in use, and then has it in use. */
    void putVips(VipEntries vips) throws BpfException;

    /** The numbers of services that the addresses in use lead to. */
    Set<Integer> servicesOfVips();

    /** How many packets went to a backend, on all cores. */
    long packets(int id);

    /**
     * Of this host, that packets come in at.
     *
     * @param place below {@link Abi#MAX_INTERFACES}
     * @param link its number; 0 for none
     */
    void putInterface(int place, int link, Mac mac) throws BpfException;

    /** What was counted for the former owner of a backend's number is nobody's. */
    void clearVolume(int id) throws BpfException;

    /**
     * Until when this process vouches for health.
     *
     * @param untilNs of CLOCK_MONOTONIC; 0 when it was given back
     */
    void putLease(long untilNs) throws BpfException;
}
