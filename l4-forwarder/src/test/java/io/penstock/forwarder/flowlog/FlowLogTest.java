package io.penstock.forwarder.flowlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.penstock.forwarder.config.FlowLogConfig;
import io.penstock.forwarder.config.FlowLogConfig.Format;
import io.penstock.forwarder.config.FlowLogConfig.Target;
import io.penstock.forwarder.config.FlowLogConfig.ToFile;
import io.penstock.forwarder.config.FlowLogConfig.ToSyslog;
import io.penstock.forwarder.flow.FlowEnd;
import io.penstock.forwarder.flow.FlowObserver;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.net.Endpoint;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From what a worker tells to what is written, with the writer's thread. */
@Timeout(60)
class FlowLogTest {
    private static final int CAPACITY = 64;
    private static final int TIMEOUT_MS = 20_000;

    @TempDir
    Path directory;

    private final FlowLog log = new FlowLog(2, CAPACITY, new FlowSinks(new LinuxSyscalls()));

    @Test
    void shouldLoseNoLineWhileItRotates() throws Exception {
        Path path = directory.resolve("flows.log");
        log.apply(to(new ToFile(path, ToFile.MIN_MAX_BYTES, 100), FlowLogConfig.ALL));
        int flows = 0;
        while (!Files.exists(directory.resolve("flows.log.3"))) {
            flows += tell(log.observer(flows % 2), flows) ? 1 : 0;
        }
        log.close();
        assertEquals(flows, log.counts().written());
        assertEquals(0, log.counts().errors());
        Set<Long> ids = new HashSet<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                for (String line : Files.readAllLines(file)) {
                    ids.add(JsonParser.parseString(line)
                            .getAsJsonObject()
                            .get("id")
                            .getAsLong());
                }
            }
        }
        assertEquals(flows, ids.size());
    }

    @Test
    void shouldDropAndCountWhatAFullDiskDoesNotTake() throws Exception {
        log.apply(to(new ToFile(Path.of("/dev/full"), 1 << 20, 1), FlowLogConfig.ALL));
        int refused = 0;
        int told = 0;
        while (refused < 10) {
            if (tell(log.observer(0), told + 1)) {
                told++;
            } else {
                refused++;
            }
        }
        // The queue may be full before the writer has looked at it for the first time.
        while (!log.counts().isFailing()) {
            Thread.onSpinWait();
        }
        assertTrue(log.counts().errors() > 0);
        assertEquals(10, log.counts().droppedForRoom());
        log.close();
        assertEquals(told, log.counts().droppedAtClose());
        assertEquals(0, log.counts().written());
    }

    /** Asks for a minute when it is to take the first lines, as a receiver that is busy, and then takes all. */
    private static final class LateSink implements FlowSink {
        private volatile boolean asked;

        @Override
        public long write(ByteBuffer lines) {
            if (!asked && lines.hasRemaining()) {
                asked = true;
                return 60_000_000_000L;
            }
            lines.position(lines.limit());
            return DONE;
        }

        @Override
        public void reopen() {}

        @Override
        public void close() {}
    }

    @Test
    void shouldWriteAtTheEndWhatWaitedBehindALateBatch() throws Exception {
        LateSink sink = new LateSink();
        FlowLog late = new FlowLog(1, CAPACITY, new FlowSinks(new LinuxSyscalls()) {
            @Override
            FlowSink of(Target target) {
                return sink;
            }
        });
        late.apply(to(new ToFile(directory.resolve("unused"), 1 << 20, 1), FlowLogConfig.ALL));
        assertTrue(tell(late.observer(0), 1));
        while (!sink.asked) {
            Thread.onSpinWait();
        }
        for (int i = 2; i <= 10; i++) {
            assertTrue(tell(late.observer(0), i));
        }
        late.close();
        assertEquals(10, late.counts().written());
        assertEquals(0, late.counts().droppedAtClose());
    }

    @Test
    void shouldGoOnElsewhereWhenToldTo() throws Exception {
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        log.apply(to(new ToFile(first, 1 << 20, 1), FlowLogConfig.ALL));
        assertTrue(tell(log.observer(0), 1));
        log.apply(to(new ToFile(second, 1 << 20, 1), FlowLogConfig.ALL));
        while (!Files.exists(second)) {
            Thread.onSpinWait();
        }
        assertTrue(tell(log.observer(0), 2));
        log.apply(Optional.empty());
        while (log.observer(0).tryBegin(1, true) != null) {
            Thread.onSpinWait();
        }
        log.close();
        assertEquals(1, Files.readAllLines(first).size());
        assertEquals(1, Files.readAllLines(second).size());
    }

    /** Takes nothing, ever. */
    private static final class StuckSink implements FlowSink {
        private final AtomicInteger asked = new AtomicInteger();

        @Override
        public long write(ByteBuffer lines) {
            if (lines.hasRemaining()) {
                asked.incrementAndGet();
            }
            return 60_000_000_000L;
        }

        @Override
        public void reopen() {}

        @Override
        public void close() {}
    }

    @Test
    void shouldTakeFlowsWhileATargetIsLeft() throws Exception {
        Path second = directory.resolve("second");
        StuckSink stuck = new StuckSink();
        FlowLog changing = new FlowLog(1, CAPACITY, new FlowSinks(new LinuxSyscalls()) {
            @Override
            FlowSink of(Target target) {
                return target instanceof ToFile file && file.path().equals(second) ? super.of(target) : stuck;
            }
        });
        changing.apply(to(new ToFile(directory.resolve("first"), 1 << 20, 1), FlowLogConfig.ALL));
        assertTrue(tell(changing.observer(0), 1));
        while (stuck.asked.get() == 0) {
            Thread.onSpinWait();
        }
        changing.apply(to(new ToFile(second, 1 << 20, 1), FlowLogConfig.ALL));
        while (stuck.asked.get() == 1) {
            Thread.onSpinWait();
        }
        assertTrue(tell(changing.observer(0), 2), "a flow is neither taken nor counted");
        while (!Files.exists(second)) {
            Thread.onSpinWait();
        }
        changing.close();
        assertEquals(1, Files.readAllLines(second).size());
        assertEquals(1, changing.counts().droppedAtClose());
    }

    @Test
    void shouldSendMessagesOfSyslog() throws Exception {
        try (DatagramSocket receiver = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            receiver.setSoTimeout(TIMEOUT_MS);
            Endpoint endpoint = new Endpoint(Ends.address("127.0.0.1"), receiver.getLocalPort());
            log.apply(to(new ToSyslog(endpoint), FlowLogConfig.ALL));
            assertTrue(tell(log.observer(0), 1));
            DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
            receiver.receive(packet);
            String message = new String(packet.getData(), 0, packet.getLength(), UTF_8);
            assertTrue(
                    message.matches("<134>1 [0-9-]+T[0-9:.]+Z \\S+ l4-forwarder "
                            + ProcessHandle.current().pid() + " flow - \\{.*}"),
                    message);
            assertTrue(JsonParser.parseString(message.substring(message.indexOf('{')))
                    .isJsonObject());
        }
        log.close();
    }

    @Test
    void shouldTakeNothingWithoutATarget() throws Exception {
        log.apply(Optional.empty());
        assertNull(log.observer(1).tryBegin(1, true));
        log.reopen();
        log.close();
        assertEquals(0, log.counts().droppedForRoom());
    }

    private static Optional<FlowLogConfig> to(Target target, int share) {
        return Optional.of(new FlowLogConfig(Format.JSON, share, false, target));
    }

    /** Whether there was room for it. */
    private static boolean tell(FlowObserver observer, int number) {
        FlowEnd end = observer.tryBegin(Ends.token(number), false);
        if (end == null) {
            return false;
        }
        observer.onEnded(Ends.tcp(end, number, "web", "web", "web-1"));
        return true;
    }
}
