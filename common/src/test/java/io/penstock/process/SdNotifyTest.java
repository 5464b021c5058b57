package io.penstock.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.Errno;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.PacketSockets;
import io.penstock.linux.Syscalls;
import io.penstock.linux.UnixSockets;
import io.penstock.net.UnixAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real socket, as a service manager has one. */
class SdNotifyTest {
    private static final int MAX_OCTETS = 4_096;
    private static final int RECEIVE_LIMIT_S = 5;
    private static final long PID = ProcessHandle.current().pid();

    @TempDir
    Path directory;

    private final Syscalls syscalls = new LinuxSyscalls();
    private final UnsafeBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(MAX_OCTETS, Long.BYTES));

    @Test
    void shouldSayWhatTheManagerUnderstandsWhateverKindOfSocketItHas() {
        for (String name :
                new String[] {directory.resolve("notify").toString(), "@" + directory.getFileName() + "-notify"}) {
            int manager = listen(name);
            SdNotify notify = notify(Map.of("NOTIFY_SOCKET", name));
            notify.ready("running, 2 workers");
            assertEquals("READY=1\nSTATUS=running, 2 workers", receive(manager));
            notify.stopping("draining", Duration.ofSeconds(45));
            assertEquals("STOPPING=1\nEXTEND_TIMEOUT_USEC=45000000\nSTATUS=draining", receive(manager));
            notify.alive();
            assertEquals("WATCHDOG=1", receive(manager));
            syscalls.close(manager);
        }
    }

    @Test
    void shouldTellWhenAReloadBeganByTheClockOfTheManager() {
        int manager = listen("@" + directory.getFileName());
        SdNotify notify = notify(Map.of("NOTIFY_SOCKET", "@" + directory.getFileName()));
        long before = System.nanoTime() / 1_000;
        notify.reloading();
        String[] lines = receive(manager).split("\n", -1);
        long after = System.nanoTime() / 1_000;
        assertEquals("RELOADING=1", lines[0]);
        long at = Long.parseLong(lines[1].substring("MONOTONIC_USEC=".length()));
        assertTrue(before <= at && at <= after, () -> before + " " + at + " " + after);
        syscalls.close(manager);
    }

    @Test
    void shouldKeepAStatusOnOneLine() {
        int manager = listen("@" + directory.getFileName());
        notify(Map.of("NOTIFY_SOCKET", "@" + directory.getFileName())).status("refused:\nREADY=1");
        assertEquals("STATUS=refused: READY=1", receive(manager));
        syscalls.close(manager);
    }

    @Test
    void shouldSayNothingMoreWhenAnotherProcessIsTheService() {
        int manager = listen("@" + directory.getFileName());
        SdNotify notify = notify(Map.of("NOTIFY_SOCKET", "@" + directory.getFileName()));
        notify.handOver(4711);
        notify.alive();
        notify.stopping("draining", Duration.ofSeconds(1));
        notify(Map.of("NOTIFY_SOCKET", "@" + directory.getFileName())).status("last");
        assertEquals("MAINPID=4711", receive(manager));
        assertEquals("STATUS=last", receive(manager));
        syscalls.close(manager);
    }

    @Test
    void shouldGoOnWhenNobodyListens() {
        notify(Map.of()).ready("");
        notify(Map.of("NOTIFY_SOCKET", "vsock:2:1234")).ready("");
        SdNotify notify =
                notify(Map.of("NOTIFY_SOCKET", directory.resolve("nobody").toString()));
        notify.ready("");
        int manager = listen(directory.resolve("nobody").toString());
        notify.alive();
        assertEquals("WATCHDOG=1", receive(manager));
        syscalls.close(manager);
    }

    @Test
    void shouldLeaveNoDescriptorOpen() throws Exception {
        int manager = listen("@" + directory.getFileName());
        SdNotify notify = notify(Map.of("NOTIFY_SOCKET", "@" + directory.getFileName()));
        notify.alive();
        long sockets = openSockets();
        for (int i = 0; i < 10; i++) {
            receive(manager);
            notify.alive();
        }
        assertEquals(sockets, openSockets());
        syscalls.close(manager);
    }

    @Test
    void shouldKnowWhetherTheManagerWatchesThisProcess() {
        assertEquals(Optional.of(Duration.ofSeconds(30)), watchdog("30000000", Long.toString(PID)));
        assertEquals(Optional.of(Duration.ofSeconds(30)), watchdog("30000000", null));
        assertEquals(Optional.empty(), watchdog("30000000", Long.toString(PID + 1)), "another process");
        assertEquals(Optional.empty(), watchdog("0", null));
        assertEquals(Optional.empty(), watchdog("-1", null));
        assertEquals(Optional.empty(), watchdog("soon", null));
        assertEquals(Optional.empty(), watchdog("99999999999999999999", null));
        assertEquals(Optional.empty(), watchdog(null, null));
    }

    private Optional<Duration> watchdog(String micros, String pid) {
        Map<String, String> environment = new HashMap<>();
        if (micros != null) {
            environment.put("WATCHDOG_USEC", micros);
        }
        if (pid != null) {
            environment.put("WATCHDOG_PID", pid);
        }
        return notify(environment).watchdog();
    }

    private SdNotify notify(Map<String, String> environment) {
        return SdNotify.of(syscalls, environment);
    }

    private int listen(String name) {
        int fd = new UnixSockets(syscalls).bindDatagrams(new UnixAddress(name));
        assertTrue(fd >= 0, () -> Errno.describe(-fd));
        assertEquals(0, new PacketSockets(syscalls).timeout(fd, RECEIVE_LIMIT_S));
        return fd;
    }

    private String receive(int fd) {
        int length = (int) syscalls.recv(fd, buffer.addressOffset(), MAX_OCTETS, 0);
        assertTrue(length >= 0, () -> Errno.describe(-length));
        return buffer.getStringWithoutLengthUtf8(0, length);
    }

    private static long openSockets() throws Exception {
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .filter(descriptor -> target(descriptor).startsWith("socket:"))
                    .count();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }
}
