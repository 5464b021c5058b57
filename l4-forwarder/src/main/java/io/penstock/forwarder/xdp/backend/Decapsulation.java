package io.penstock.forwarder.xdp.backend;

import io.penstock.forwarder.bpf.AttachMode;
import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.BpfObject;
import io.penstock.forwarder.bpf.BpfPins;
import io.penstock.forwarder.bpf.BpfProgram;
import io.penstock.forwarder.bpf.Requirements;
import io.penstock.forwarder.bpf.XdpLink;
import io.penstock.forwarder.table.Encapsulation;
import io.penstock.linux.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The XDP program that takes the outer headers of ipip off, pinned so that it needs no process. */
final class Decapsulation implements Step {
    private static final String OBJECT = "decap.bpf.o";
    private static final String PROGRAM = "decap";
    private static final String WHY = "the kernel does not take the tunnel off: packets end at this host";

    private final BackendPlan plan;
    private final Path pins;
    private final String again;

    /**
     * @param pins the directory of this plan's name in a bpffs
     * @param again the command that prepares
     */
    Decapsulation(BackendPlan plan, Path pins, String again) {
        this.plan = plan;
        this.pins = pins;
        this.again = again;
    }

    private Path link() {
        return pins.resolve("link-" + plan.interfaceName());
    }

    private boolean isPinned() {
        return Files.exists(pins.resolve("decap_config"));
    }

    @Override
    public String name() {
        return "program decap";
    }

    @Override
    public List<Finding> check(Surroundings host, HostRecord record) throws IOException {
        int index = host.required(plan.interfaceName()).index();
        try {
            List<Finding> findings = new ArrayList<>();
            boolean attached = isPinned() && isAttached(index);
            findings.add(Finding.of(
                    attached,
                    "program decap on " + plan.interfaceName(),
                    attached ? "attached" : "not attached",
                    "attached",
                    WHY,
                    again));
            if (isPinned()) {
                maps(findings, record.sources(plan.name()));
            }
            return findings;
        } catch (BpfException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void maps(List<Finding> findings, Sources wanted) throws BpfException, IOException {
        try (DecapMaps maps = open()) {
            for (ServedVip vip : plan.addresses()) {
                boolean known = maps.has(vip.address());
                findings.add(Finding.of(
                        known,
                        "VIP " + vip.address() + " of program decap",
                        known ? "known" : "unknown",
                        "known",
                        WHY,
                        again));
            }
            Sources allowed = maps.allowed();
            findings.add(Finding.of(
                    !wanted.isSaid() || isSame(allowed, wanted),
                    "sources of program decap",
                    allowed.toString(),
                    wanted.isSaid() ? wanted.toString() : allowed.toString(),
                    "whoever may send can say that a packet is from anybody",
                    again));
        }
    }

    private static boolean isSame(Sources one, Sources other) {
        return one.toString().equals(other.toString());
    }

    private boolean isAttached(int index) throws BpfException {
        Optional<XdpLink> link = XdpLink.openPinned(link());
        if (link.isEmpty()) {
            return false;
        }
        try (XdpLink open = link.get()) {
            return open.ifindex().equals(OptionalInt.of(index));
        }
    }

    /** Empty where nothing is pinned. */
    Map<DecapCounter, Long> counts() throws IOException {
        Map<DecapCounter, Long> counts = new EnumMap<>(DecapCounter.class);
        if (isPinned()) {
            try (DecapMaps maps = open()) {
                for (DecapCounter counter : DecapCounter.values()) {
                    counts.put(counter, maps.count(counter));
                }
            } catch (BpfException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
        return counts;
    }

    /** @throws IOException when they are of another version */
    private DecapMaps open() throws BpfException, IOException {
        DecapMaps maps = DecapMaps.open(pins);
        int abi = maps.abi();
        if (abi != DecapMaps.ABI && abi != 0) {
            maps.close();
            throw new IOException(pins + " is of version " + abi + " of the program's maps, and this is "
                    + DecapMaps.ABI + ": undo it first, with --remove of the version that made it");
        }
        return maps;
    }

    @Override
    public List<String> prepare(Surroundings host, HostRecord record) throws IOException {
        List<String> problems = Requirements.problems();
        if (!problems.isEmpty()) {
            throw new IOException(String.join("; ", problems));
        }
        List<String> done = new ArrayList<>();
        try {
            if (isPinned()) {
                open().close();
            }
            BpfPins.directory(pins);
            try (BpfObject object = BpfObject.open(OBJECT)) {
                object.pin(pins);
                object.load();
                fill(record, done);
                attach(
                        object.program(PROGRAM),
                        host.required(plan.interfaceName()).index(),
                        done);
            }
        } catch (BpfException e) {
            throw new IOException(e.getMessage(), e);
        }
        return done;
    }

    private void fill(HostRecord record, List<String> done) throws BpfException, IOException {
        try (DecapMaps maps = open()) {
            for (ServedVip vip : plan.addresses()) {
                if (!maps.has(vip.address())) {
                    maps.add(vip.address());
                    done.add("told program decap of " + vip.address());
                }
            }
            allow(maps, record.sources(plan.name()), done);
        }
    }

    /** When no call has said who may send, it stays as it is. */
    private static void allow(DecapMaps maps, Sources said, List<String> done) throws BpfException {
        Sources before = maps.allowed();
        Sources wanted = said.isSaid() ? said : before;
        maps.allow(wanted.nets());
        if (!isSame(before, wanted)) {
            done.add("allowed sources of tunnels: " + wanted);
        }
    }

    /** One that is there gets this version of the program; one that went with its interface is made anew. */
    private void attach(BpfProgram program, int index, List<String> done) throws BpfException, IOException {
        Optional<XdpLink> pinned = XdpLink.openPinned(link());
        if (pinned.isPresent()) {
            try (XdpLink link = pinned.get()) {
                if (link.ifindex().equals(OptionalInt.of(index))) {
                    link.update(program);
                    return;
                }
            }
            Files.delete(link());
        }
        boolean generic = false;
        XdpLink link;
        try {
            link = XdpLink.attach(program, index, AttachMode.NATIVE);
        } catch (BpfException e) {
            if (e.errno() != Errno.EOPNOTSUPP) {
                throw e;
            }
            link = XdpLink.attach(program, index, AttachMode.GENERIC);
            generic = true;
        }
        try (XdpLink attached = link) {
            attached.pin(link());
        }
        done.add("attached program decap to " + plan.interfaceName()
                + (generic ? ", generic: its driver has no XDP, so each packet costs more" : ""));
    }

    @Override
    public List<String> remove(Surroundings host, HostRecord record) throws IOException {
        if (!isPinned()) {
            return List.of();
        }
        List<String> done = new ArrayList<>();
        try {
            boolean empty;
            try (DecapMaps maps = DecapMaps.open(pins)) {
                for (ServedVip vip : plan.addresses()) {
                    if (!isNeeded(vip, record) && maps.remove(vip.address())) {
                        done.add("program decap forgot " + vip.address());
                    }
                }
                empty = maps.isEmpty();
                if (!empty) {
                    allow(maps, record.sources(plan.name()), done);
                }
            }
            if (empty) {
                BpfPins.remove(pins);
                done.add("detached program decap");
            }
        } catch (BpfException e) {
            throw new IOException(e.getMessage(), e);
        }
        return done;
    }

    private boolean isNeeded(ServedVip vip, HostRecord record) {
        return record.claims().stream()
                .anyMatch(claim -> claim.vip().equals(vip.address())
                        && claim.plan().equals(plan.name())
                        && claim.encapsulation() == Encapsulation.IPIP);
    }
}
