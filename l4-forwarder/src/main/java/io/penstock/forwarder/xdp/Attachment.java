package io.penstock.forwarder.xdp;

import io.penstock.forwarder.bpf.BpfException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where this plane's programs are attached: the one that forwards, and the one for probes. {@code fwd-xdp}'s alone. */
final class Attachment implements AutoCloseable {
    private static final String FORWARDER = "penstock";

    private final boolean adopted;
    private final Interfaces interfaces;
    private final HealthFilters filters;
    private final OwnMacs macs;
    private String macTrouble = "";

    Attachment(String plane, LoadedPlane loaded, PlaneMaps maps, PlaneLog log) throws BpfException {
        adopted = loaded.isAdopted();
        interfaces = new Interfaces(loaded.pins(), loaded.forwarder().program(FORWARDER), log);
        filters = new HealthFilters(plane, loaded.health(), log);
        macs = new OwnMacs(maps);
    }

    /**
     * The new program takes the place of the one before, wherever that runs, and is attached to what is wanted.
     *
     * @throws XdpException when there was none before, and one interface is not there or is somebody else's
     */
    void begin(List<XdpSettings.Interface> wanted, NextHops kernel) throws XdpException, BpfException {
        interfaces.adopt();
        interfaces.want(wanted);
        interfaces.follow(kernel);
        if (!adopted && !interfaces.troubles().isEmpty()) {
            String why = String.join("; ", interfaces.troubles());
            interfaces.want(List.of());
            interfaces.follow(kernel);
            throw new XdpException(why);
        }
        followMacs(kernel);
    }

    void want(List<XdpSettings.Interface> wanted) {
        interfaces.want(wanted);
    }

    /** @param links that packets to backends, and probes, leave by */
    void follow(NextHops kernel, Set<Integer> links) {
        interfaces.follow(kernel);
        followMacs(kernel);
        Set<Integer> all = new HashSet<>(links);
        all.addAll(interfaces.indices());
        filters.follow(all, kernel);
    }

    private void followMacs(NextHops kernel) {
        try {
            macs.follow(interfaces.indices(), kernel);
            macTrouble = "";
        } catch (BpfException e) {
            macTrouble = "what a switch floods may be taken for this host's own: " + e.getMessage();
        }
    }

    boolean isAttached() {
        return interfaces.isAttached();
    }

    List<String> troubles() {
        List<String> all = new ArrayList<>(interfaces.troubles());
        all.addAll(interfaces.notes());
        all.addAll(filters.troubles());
        if (!macTrouble.isEmpty()) {
            all.add(macTrouble);
        }
        return all;
    }

    List<PlaneStatus.Interface> status() {
        return interfaces.status();
    }

    /** The program that forwards stays where it is. */
    @Override
    public void close() {
        filters.close();
        interfaces.close();
    }
}
