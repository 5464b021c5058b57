package io.penstock.forwarder.client.xdp;

import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.BpfPins;
import io.penstock.forwarder.bpf.NetworkInterfaces;
import io.penstock.forwarder.bpf.XdpLink;
import io.penstock.forwarder.xdp.HealthFilters;
import io.penstock.forwarder.xdp.TraceLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Takes the packet data plane off this host. */
@Command(
        name = "detach",
        description = {
            "Takes the packet data plane off the interfaces and forgets what is pinned, flows included.",
            "Packets of its services are then this host's own, as if it had never been there."
        })
final class DetachCommand extends PlaneCommand {
    @Option(names = "--yes", description = "Also while a forwarder is in charge, whose services end with it.")
    private boolean yes;

    /** Pins of another version are removed too: that is what this is for when nothing else reads them. */
    @Override
    int run(String name) throws PlaneException, BpfException {
        Path directory = PinnedPlane.directory(name);
        Optional<Lease> lease = leaseOf(name);
        if (lease.isPresent() && lease.get().state(System.nanoTime()) == Lease.State.ALIVE && !yes) {
            complain("the forwarder with pid " + lease.get().pid()
                    + " is in charge: stop it first, or detach nevertheless with --yes");
            return ExitCode.SOFTWARE;
        }
        for (Map.Entry<String, Path> pin : PinnedPlane.links(directory).entrySet()) {
            Optional<XdpLink> link = XdpLink.openPinned(pin.getValue());
            if (link.isPresent()) {
                try (XdpLink open = link.get()) {
                    detach(pin.getKey(), open);
                }
            }
        }
        // Checks leave by the kernel's routes, which may be others by now than when a forwarder was killed.
        for (int ifindex : NetworkInterfaces.indices()) {
            if (HealthFilters.remove(name, ifindex)) {
                out().println("took the program of health checks off interface " + ifindex);
            }
        }
        BpfPins.remove(directory);
        forget(PinnedPlane.STATE.resolve("xdp-" + name + ".json"));
        forget(TraceLock.file(name));
        out().println("removed " + directory);
        return ExitCode.OK;
    }

    private static Optional<Lease> leaseOf(String name) {
        try (PinnedPlane plane = PinnedPlane.open(name)) {
            return Optional.of(plane.lease());
        } catch (PlaneException otherVersion) {
            return Optional.empty();
        }
    }

    private void detach(String name, XdpLink link) throws BpfException {
        if (link.ifindex().isPresent()) {
            link.detach();
            out().println("detached from " + name);
        }
    }

    private static void forget(Path file) throws PlaneException {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new PlaneException(file + ": " + e.getMessage());
        }
    }
}
