package io.penstock.forwarder.xdp;

import io.penstock.forwarder.bpf.AttachMode;
import io.penstock.forwarder.bpf.AttachedXdp;
import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.BpfProgram;
import io.penstock.forwarder.bpf.XdpLink;
import io.penstock.forwarder.xdp.XdpSettings.Attach;
import io.penstock.linux.Errno;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Where the program runs. Each link is pinned, so it outlives this process; one whose interface went away is made again when the
 * interface is there again. {@code fwd-xdp}'s alone.
 */
final class Interfaces implements AutoCloseable {
    private static final String PIN = "link-";
    private static final String NATIVE = "native";
    private static final String GENERIC = "generic";

    private final Path pins;
    private final BpfProgram program;
    private final PlaneLog log;
    private final Map<String, Attached> attached = new LinkedHashMap<>();
    private final Map<String, String> troubles = new LinkedHashMap<>();
    private List<XdpSettings.Interface> wanted = List.of();

    /** Whether somebody has read of the slow mode of an interface that was taken over is not known. */
    private final Set<String> adoptedGeneric = new HashSet<>();

    private record Attached(XdpLink link, int index, String mode) {}

    Interfaces(Path pins, BpfProgram program, PlaneLog log) {
        this.pins = pins;
        this.program = program;
        this.log = log;
    }

    /** Puts the program in the place of the one that runs by the pinned links: no packet is without one. */
    void adopt() throws BpfException {
        for (String name : pinned()) {
            Optional<XdpLink> link = XdpLink.openPinned(pin(name));
            if (link.isEmpty()) {
                continue;
            }
            OptionalInt index = link.get().ifindex();
            if (index.isEmpty()) {
                // Its interface is gone.
                link.get().close();
                unpin(name);
                continue;
            }
            link.get().update(program);
            String mode =
                    AttachedXdp.of(index.getAsInt()).map(AttachedXdp::modeName).orElse(PlaneStatus.Interface.NO_MODE);
            attached.put(name, new Attached(link.get(), index.getAsInt(), mode));
            log.attached(name, mode, true);
            if (mode.equals(GENERIC)) {
                adoptedGeneric.add(name);
            }
        }
    }

    private List<String> pinned() throws BpfException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(pins, PIN + "*")) {
            links.forEach(link -> names.add(String.valueOf(link.getFileName()).substring(PIN.length())));
        } catch (IOException e) {
            troubles.put("", "cannot read " + pins + ": " + e.getMessage());
        }
        return names;
    }

    private Path pin(String name) {
        return pins.resolve(PIN + name);
    }

    private void unpin(String name) {
        try {
            Files.deleteIfExists(pin(name));
        } catch (IOException e) {
            troubles.put(name, "cannot remove " + pin(name) + ": " + e.getMessage());
        }
    }

    /** The program shall run at these, and nowhere else; {@link #follow} does it. */
    void want(List<XdpSettings.Interface> interfaces) {
        wanted = interfaces;
    }

    /** Brings about what is wanted, as far as interfaces are there; says no more than {@link #troubles} when it cannot. */
    void follow(NextHops kernel) {
        detachOthers();
        troubles.clear();
        for (XdpSettings.Interface each : wanted) {
            OptionalInt index = kernel.linkIndex(each.name());
            try {
                forgetFormer(each.name(), index);
                detachUnlike(each);
                tellOfGeneric(each);
                if (index.isEmpty()) {
                    troubles.put(
                            each.name(), "no interface " + each.name() + " here; there are: " + kernel.linkNames());
                } else if (!attached.containsKey(each.name()) && !Files.isDirectory(pins)) {
                    troubles.put(
                            each.name(),
                            pins
                                    + " is gone, as after 'l4-forwarder xdp detach': a forwarder attaches again when it is started anew");
                } else if (!attached.containsKey(each.name())) {
                    attach(each, index.getAsInt());
                }
            } catch (BpfException e) {
                troubles.put(each.name(), e.getMessage());
            }
        }
    }

    /**
     * The interface is another one than was attached to, of the same name, or somebody has detached the program. One that has no such
     * name any more and still runs it goes on.
     */
    private void forgetFormer(String name, OptionalInt index) throws BpfException {
        Attached was = attached.get(name);
        if (was == null) {
            return;
        }
        OptionalInt at = was.link.ifindex();
        if (at.isEmpty() || (index.isPresent() && !at.equals(index))) {
            attached.remove(name);
            was.link.close();
            unpin(name);
            log.detached(name);
        }
    }

    /** The configuration has another mode than it runs in. */
    private void detachUnlike(XdpSettings.Interface wish) throws BpfException {
        Attached at = attached.get(wish.name());
        if (at != null && !wish.attach().allows(at.mode)) {
            attached.remove(wish.name());
            at.link.detach(pin(wish.name()));
            at.link.close();
            log.detached(wish.name());
        }
    }

    /** {@code auto} leaves it as it is: to try the driver again would leave packets to the kernel for a moment, at each start. */
    private void tellOfGeneric(XdpSettings.Interface wish) {
        if (adoptedGeneric.remove(wish.name()) && attached.containsKey(wish.name()) && wish.attach() == Attach.AUTO) {
            log.fellBack(
                    wish.name(),
                    "a process before attached it so, and it stays until 'attach: native' is configured, or after 'l4-forwarder xdp detach'");
        }
    }

    private void detachOthers() {
        for (String name : List.copyOf(attached.keySet())) {
            if (wanted.stream().noneMatch(each -> each.name().equals(name))) {
                Attached was = attached.remove(name);
                try {
                    was.link.detach(pin(name));
                    log.detached(name);
                } catch (BpfException e) {
                    troubles.put(name, e.getMessage());
                }
                was.link.close();
            }
        }
    }

    private void attach(XdpSettings.Interface to, int index) throws BpfException {
        AttachMode first = to.attach() == Attach.GENERIC ? AttachMode.GENERIC : AttachMode.NATIVE;
        try {
            attach(to.name(), index, first);
        } catch (BpfException e) {
            // That somebody else's program is there is so in either mode.
            if (to.attach() != Attach.AUTO || e.errno() == Errno.EBUSY || e.errno() == Errno.EEXIST) {
                throw e;
            }
            attach(to.name(), index, AttachMode.GENERIC);
            log.fellBack(to.name(), e.getMessage());
        }
    }

    private void attach(String name, int index, AttachMode mode) throws BpfException {
        unpin(name);
        XdpLink link = XdpLink.attach(program, index, mode);
        try {
            link.pin(pin(name));
        } catch (BpfException e) {
            link.close();
            throw e;
        }
        String text = mode == AttachMode.NATIVE ? NATIVE : GENERIC;
        attached.put(name, new Attached(link, index, text));
        log.attached(name, text, false);
    }

    List<String> troubles() {
        return List.copyOf(troubles.values());
    }

    /** What works and is not as it should be: the slow mode, where nobody asked for it. */
    List<String> notes() {
        return wanted.stream()
                .filter(each -> each.attach() != Attach.GENERIC
                        && attached.containsKey(each.name())
                        && attached.get(each.name()).mode.equals(GENERIC))
                .map(each -> each.name()
                        + " runs the program in the stack (generic), many times slower than its driver could")
                .toList();
    }

    boolean isAttached() {
        return !attached.isEmpty();
    }

    /** The numbers of those that the program runs at. */
    List<Integer> indices() {
        return attached.values().stream().map(Attached::index).toList();
    }

    List<PlaneStatus.Interface> status() {
        List<PlaneStatus.Interface> all = new ArrayList<>();
        for (XdpSettings.Interface each : wanted) {
            Attached at = attached.get(each.name());
            all.add(new PlaneStatus.Interface(each.name(), at == null ? PlaneStatus.Interface.NO_MODE : at.mode));
        }
        return all;
    }

    /** They stay attached. */
    @Override
    public void close() {
        attached.values().forEach(each -> each.link.close());
    }
}
