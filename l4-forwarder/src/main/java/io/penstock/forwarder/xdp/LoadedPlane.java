package io.penstock.forwarder.xdp;

import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.BpfObject;
import io.penstock.forwarder.bpf.BpfPins;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The programs and their maps, loaded and pinned, and what was there before. Owned by {@link PlaneTurns}. */
final class LoadedPlane implements AutoCloseable {
    static final Path PINS = BpfPins.ROOT.resolve("penstock");

    private static final Logger LOG = LoggerFactory.getLogger(LoadedPlane.class);

    private static final String FORWARDER = "penstock.bpf.o";
    private static final String HEALTH = "health.bpf.o";

    private final BpfObject forwarder;
    private final BpfObject health;
    private final Path pins;
    private final boolean adopted;
    private final String note;

    private LoadedPlane(BpfObject forwarder, BpfObject health, Path pins, boolean adopted, String note) {
        this.forwarder = forwarder;
        this.health = health;
        this.pins = pins;
        this.adopted = adopted;
        this.note = note;
    }

    static LoadedPlane load(XdpSettings settings, PlaneLog log) throws XdpException, BpfException {
        Path pins = BpfPins.directory(PINS.resolve(settings.name()));
        boolean adopted = Adoption.isThere(pins);
        BpfObject forwarder = BpfObject.open(FORWARDER);
        BpfObject health = null;
        try {
            int entries = settings.flowEntries();
            Optional<Integer> there = Adoption.flowEntries(pins);
            String note = "";
            if (there.isPresent() && there.get() != entries) {
                note = "the flow table keeps its " + there.get() + " entries (" + entries
                        + " are configured) until it is made anew: l4-forwarder xdp detach";
            }
            forwarder.entries("flows", there.orElse(entries));
            forwarder.pin(pins);
            forwarder.load();
            health = BpfObject.open(HEALTH);
            health.pin(pins);
            health.load();
            return new LoadedPlane(forwarder, health, pins, adopted, note);
        } catch (BpfException e) {
            if (health != null) {
                health.close();
            }
            forwarder.close();
            unpin(pins, adopted);
            throw e;
        }
    }

    BpfObject forwarder() {
        return forwarder;
    }

    BpfObject health() {
        return health;
    }

    Path pins() {
        return pins;
    }

    /** Whether the maps were there, written by a process before this one. */
    boolean isAdopted() {
        return adopted;
    }

    /** What is not as configured; empty when all is. */
    String note() {
        return note;
    }

    /** The start has failed: what was there before stays, and nothing else. */
    void abandon() {
        close();
        unpin(pins, adopted);
    }

    private static void unpin(Path pins, boolean adopted) {
        if (adopted) {
            return;
        }
        try {
            BpfPins.remove(pins);
        } catch (BpfException e) {
            LOG.warn("event=xdp-pins-left cause=\"{}\"", e.getMessage());
        }
    }

    /** What is pinned and attached stays. */
    @Override
    public void close() {
        health.close();
        forwarder.close();
    }
}
