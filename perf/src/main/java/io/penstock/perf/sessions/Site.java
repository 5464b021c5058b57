package io.penstock.perf.sessions;

import io.penstock.linux.LinuxSyscalls;
import io.penstock.net.IpAddress;
import io.penstock.perf.change.balancers.Forwarder;
import io.penstock.perf.rig.Cores;
import io.penstock.perf.rig.LoopbackPorts;
import io.penstock.perf.udp.EchoSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * What every scenario needs.
 *
 * @param launcher of the forwarder
 * @param directory for files
 * @param progress is told what is being done
 */
record Site(Path launcher, Path directory, Cores cores, Consumer<String> progress) {
    /** Descriptors of a forwarder, whatever this process may have: 15,000 sessions and some hundred others. */
    private static final int DESCRIPTORS = 20_000;

    private static final IpAddress LOCALHOST = IpAddress.ofIpv4(0x7f000001);

    /** An empty one, for a process. */
    Path newDirectory() throws IOException {
        return Files.createTempDirectory(directory, "p");
    }

    /** Free ones. */
    static List<Integer> ports(int count) throws IOException {
        return LoopbackPorts.pick(count);
    }

    ClientLoop newLoop(boolean pausing) throws IOException {
        return new ClientLoop(new LinuxSyscalls(), pausing);
    }

    /** A backend in the loop's own turns. */
    static void serve(ClientLoop loop, int port) {
        loop.serve(new EchoSocket(loop.syscalls(), LOCALHOST, port, false));
    }

    /** Returns once it serves; its admin socket is {@link #adminSocket}. */
    Forwarder start(Path forwarderDirectory, String yaml) throws IOException, InterruptedException {
        String admin = "admin: { listen: \"unix:" + adminSocket(forwarderDirectory) + "\" }\n";
        return Forwarder.startWithDescriptors(DESCRIPTORS, launcher, forwarderDirectory, cores, admin + yaml);
    }

    static Path adminSocket(Path forwarderDirectory) {
        return forwarderDirectory.resolve("admin.sock");
    }
}
