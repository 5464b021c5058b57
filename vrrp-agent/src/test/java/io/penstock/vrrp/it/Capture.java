package io.penstock.vrrp.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.NetworkNamespace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Everything about VIPs that comes into a switch, by tcpdump with the kernel's time stamps, which are read from its file while it goes on.
 * NOT thread safe.
 */
final class Capture {
    /** Nanoseconds in the byte order of the host that wrote it. */
    private static final int MAGIC = 0xa1b23c4d;

    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 16;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Process tcpdump;
    private final Path log;
    private final FileChannel file;
    private final Map<Integer, Port> ports;
    private final List<Sighting> sightings = new ArrayList<>();
    private long position = FILE_HEADER;

    private Capture(Process tcpdump, Path log, FileChannel file, Map<Integer, Port> ports) {
        this.tcpdump = tcpdump;
        this.log = log;
        this.file = file;
        this.ports = Map.copyOf(ports);
    }

    /**
     * Returns when it captures.
     *
     * @param ports by the numbers of their interfaces there
     */
    static Capture start(NetworkNamespace there, Path directory, Map<Integer, Port> ports) throws Exception {
        Path written = directory.resolve("capture.pcap");
        Path log = directory.resolve("tcpdump.log");
        ProcessBuilder builder = new ProcessBuilder(
                        "tcpdump",
                        "-i",
                        "any",
                        "-y",
                        "LINUX_SLL2",
                        "-p",
                        "-s",
                        "256",
                        "-B",
                        "8192",
                        "-U",
                        "--immediate-mode",
                        "-Z",
                        "root",
                        "--time-stamp-precision=nano",
                        "-w",
                        written.toString(),
                        "arp or proto 112 or icmp6 or ip6 proto 112")
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Process tcpdump = there.call(builder::start);
        NetworkNamespace.await(
                "tcpdump listens",
                () -> Files.readString(log).contains("listening on")
                        && Files.exists(written)
                        && Files.size(written) >= FILE_HEADER);
        return new Capture(tcpdump, log, FileChannel.open(written), ports);
    }

    /** Now, on the clock of the sightings. */
    static long nowNs() {
        Instant now = Instant.now();
        return now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
    }

    /** All so far, in the order of their times. */
    List<Sighting> sightings() throws IOException {
        assertTrue(tcpdump.isAlive(), "tcpdump has ended");
        ByteBuffer unread = ByteBuffer.allocate((int) (file.size() - position)).order(ByteOrder.nativeOrder());
        while (unread.hasRemaining() && file.read(unread, position + unread.position()) > 0) {}
        unread.flip();
        if (position == FILE_HEADER) {
            ByteBuffer magic = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
            file.read(magic, 0);
            assertEquals(MAGIC, magic.getInt(0));
        }
        while (unread.remaining() >= RECORD_HEADER) {
            int start = unread.position();
            int length = unread.getInt(start + 8);
            if (unread.remaining() < RECORD_HEADER + length) {
                break;
            }
            long atNs = unread.getInt(start) * NANOS_PER_SECOND + unread.getInt(start + 4);
            read(atNs, unread.slice(start + RECORD_HEADER, length).order(ByteOrder.BIG_ENDIAN))
                    .ifPresent(sightings::add);
            unread.position(start + RECORD_HEADER + length);
        }
        position += unread.position();
        return sightings;
    }

    private Optional<Sighting> read(long atNs, ByteBuffer frame) {
        return CapturedFrame.incomingInterface(frame)
                .map(ports::get)
                .flatMap(port -> CapturedFrame.read(atNs, port, frame));
    }

    void end() throws Exception {
        tcpdump.destroy();
        assertTrue(tcpdump.waitFor(10, TimeUnit.SECONDS));
        file.close();
        // A judgement without some of the frames is none.
        assertTrue(Files.readString(log).contains("\n0 packets dropped by kernel"), () -> "frames were lost: " + log);
    }
}
