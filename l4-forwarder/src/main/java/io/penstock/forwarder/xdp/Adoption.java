package io.penstock.forwarder.xdp;

import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.BpfMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process before this one left in pinned maps: its program goes on forwarding with them, and this process goes on from there.
 * Numbers are kept, so that what flows remember stays right.
 */
final class Adoption {
    private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

    private final PlaneMaps maps;
    private final RealIds realIds;
    private final Publisher publisher;

    Adoption(PlaneMaps maps, RealIds realIds, Publisher publisher) {
        this.maps = maps;
        this.realIds = realIds;
        this.publisher = publisher;
    }

    /**
     * Whether there is something of this version in the directory.
     *
     * @throws XdpException when it is of another version: what forwards by it is left alone
     */
    static boolean isThere(Path pins) throws XdpException, BpfException {
        Path config = pins.resolve("config");
        if (!Files.exists(config)) {
            return false;
        }
        try (BpfMap map = BpfMap.openPinned(config)) {
            UnsafeBuffer key = new UnsafeBuffer(BufferUtil.allocateDirectAligned(Integer.BYTES, Long.BYTES));
            UnsafeBuffer value = new UnsafeBuffer(
                    BufferUtil.allocateDirectAligned(Math.max(map.shape().valueSize(), Integer.BYTES), Long.BYTES));
            key.putInt(0, 0);
            int abi = map.lookup(key, value) ? value.getInt(0) : 0;
            if (abi != 0 && abi != Abi.VERSION) {
                throw new XdpException("the maps in " + pins + " are of layout " + abi + ", and this version writes "
                        + Abi.VERSION + ": they stay as they are, and what is attached goes on forwarding by them;"
                        + " to begin anew, which ends that: l4-forwarder xdp detach");
            }
            return abi != 0;
        }
    }

    /** How many flows the table holds that is there; empty when there is none. */
    static Optional<Integer> flowEntries(Path pins) throws BpfException {
        Path flows = pins.resolve("flows");
        if (!Files.exists(flows)) {
            return Optional.empty();
        }
        try (BpfMap map = BpfMap.openPinned(flows)) {
            return Optional.of(map.shape().entries());
        }
    }

    /** Takes over what the plane of that name left. */
    void adopt(String plane, PlaneLog log) throws BpfException {
        Names names = names(Names.file(plane));
        int backends = adoptReals(names);
        int services = 0;
        for (Names.Service service : names.services()) {
            if (service.index() >= 0 && service.index() < Abi.MAX_SERVICES) {
                ServiceEntry entry = maps.service(service.index());
                if (!entry.isEmpty()) {
                    publisher.adoptService(service.index(), service.name(), entry);
                    services++;
                }
            }
        }
        for (int index : maps.servicesOfVips()) {
            publisher.reserveService(index, maps.service(index));
        }
        publisher.reserveRings();
        log.adopted(plane, services, backends);
    }

    /** What is known of numbers; nothing when the file is gone or makes no sense. */
    private static Names names(Path file) {
        String cause;
        try {
            Optional<Names> names = Names.read(file);
            if (names.isPresent()) {
                return names.get();
            }
            cause = "there is no " + file;
        } catch (IOException e) {
            cause = e.getMessage();
        }
        LOG.warn("event=xdp-names-lost cause=\"{}\" effect=\"services get new numbers\"", cause);
        return new Names();
    }

    private int adoptReals(Names names) {
        Map<Integer, Names.Real> named = new HashMap<>();
        names.reals().forEach(real -> named.put(real.id(), real));
        int backends = 0;
        for (int id = 0; id < Abi.MAX_REALS; id++) {
            Real real = maps.real(id);
            if (real.state() == Real.State.ABSENT) {
                realIds.adopt(id, real.generation());
            } else {
                adopt(id, named.get(id), real);
                backends++;
            }
        }
        return backends;
    }

    /** The name counts if it goes with the address that the map has, and is not another's; the number stays taken in any case. */
    private void adopt(int id, Names.Real name, Real real) {
        boolean named = name != null
                && !name.service().isEmpty()
                && name.address().equals(real.address().toString())
                && realIds.adopt(
                        new RealKey(name.service(), name.pool(), name.backend(), real.address()),
                        id,
                        real.generation());
        if (!named) {
            realIds.adopt(RealKey.nameless(id, real.address()), id, real.generation());
        }
        publisher.adoptReal(id, real);
    }
}
