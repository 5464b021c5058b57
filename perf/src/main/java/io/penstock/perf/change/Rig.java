package io.penstock.perf.change;

import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.perf.rig.Cores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * What every scenario needs.
 *
 * @param launcher of the forwarder
 * @param directory for files
 * @param progress is told what is being done
 */
record Rig(Path launcher, Path directory, Cores cores, Lengths lengths, Consumer<String> progress) {
    private static final int LOCALHOST = 0x7f000001;

    /** An empty one, for a process. */
    Path newDirectory() throws IOException {
        return Files.createTempDirectory(directory, "p");
    }

    static Endpoint local(int port) {
        return new Endpoint(IpAddress.ofIpv4(LOCALHOST), port);
    }

    /** Another address of the loopback network: {@code 127.0.0.1} for 0, and those after it. */
    static IpAddress source(int number) {
        return IpAddress.ofIpv4(LOCALHOST + number);
    }
}
