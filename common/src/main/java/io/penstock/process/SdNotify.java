package io.penstock.process;

import static io.penstock.linux.SocketConstants.MSG_NOSIGNAL;

import io.penstock.linux.Errno;
import io.penstock.linux.PacketSockets;
import io.penstock.linux.Syscalls;
import io.penstock.linux.UnixSockets;
import io.penstock.net.UnixAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager how this process is, by datagrams to the UNIX socket that {@code NOTIFY_SOCKET} names; see
 * sd_notify(3). Without one it says nothing. A manager that does not listen is logged, and no reason to end. Safe from
 * any thread; a message may wait {@value #SEND_LIMIT_S} s for a manager that is busy.
 */
public final class SdNotify {
    private static final Logger LOG = LoggerFactory.getLogger(SdNotify.class);

    private static final int SEND_LIMIT_S = 5;

    /** Longer than any message here; systemd reads 4,096. */
    private static final int MAX_OCTETS = 2_048;

    private final Syscalls syscalls;
    private final UnixSockets sockets;
    private final PacketSockets timeouts;
    private final UnsafeBuffer message = new UnsafeBuffer(BufferUtil.allocateDirectAligned(MAX_OCTETS, Long.BYTES));
    private final Map<String, String> environment;
    private Optional<UnixAddress> manager;

    private SdNotify(Syscalls syscalls, Map<String, String> environment, Optional<UnixAddress> manager) {
        this.syscalls = syscalls;
        this.environment = Map.copyOf(environment);
        this.manager = manager;
        sockets = new UnixSockets(syscalls);
        timeouts = new PacketSockets(syscalls);
    }

    /** As the manager has set up this process. */
    public static SdNotify of(Syscalls syscalls, Map<String, String> environment) {
        String name = environment.getOrDefault("NOTIFY_SOCKET", "");
        Optional<UnixAddress> manager = UnixAddress.ofName(name);
        if (manager.isEmpty() && !name.isEmpty()) {
            LOG.warn("event=notify-unusable cause=\"NOTIFY_SOCKET is no UNIX socket\" socket={}", name);
        }
        return new SdNotify(syscalls, environment, manager);
    }

    /**
     * How long the manager waits for {@link #alive} before it ends this process; empty when it does not, or means another
     * process. See sd_watchdog_enabled(3).
     */
    public Optional<Duration> watchdog() {
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        String pid = environment.getOrDefault("WATCHDOG_PID", "");
        boolean meant = pid.isEmpty()
                || pid.equals(Long.toString(ProcessHandle.current().pid()));
        if (!meant || !micros.matches("[0-9]{1,15}") || Long.parseLong(micros) == 0) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos(Long.parseLong(micros) * 1_000));
    }

    /** Start-up, or a reload, is over. */
    public void ready(String status) {
        send("READY=1\nSTATUS=" + line(status));
    }

    /** A reload begins; {@link #ready} ends it. With the time that {@code Type=notify-reload} asks for. */
    public void reloading() {
        // Of CLOCK_MONOTONIC, as System.nanoTime is on Linux.
        send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1_000);
    }

    /**
     * The process is about to end.
     *
     * @param atMost from now until it has ended; the manager waits so long, whatever its own limit is
     */
    public void stopping(String status, Duration atMost) {
        send("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + atMost.toNanos() / 1_000 + "\nSTATUS=" + line(status));
    }

    /** For people. */
    public void status(String status) {
        send("STATUS=" + line(status));
    }

    /** This process works. */
    public void alive() {
        send("WATCHDOG=1");
    }

    /** Another process is the service from now on; this one says nothing more. */
    public void handOver(long pid) {
        synchronized (this) {
            send("MAINPID=" + pid);
            manager = Optional.empty();
        }
    }

    /** A line break would begin another assignment. */
    private static String line(String status) {
        return status.replaceAll("\\p{Cntrl}", " ");
    }

    private synchronized void send(String assignments) {
        if (manager.isEmpty()) {
            return;
        }
        byte[] octets = assignments.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(octets.length, MAX_OCTETS);
        message.putBytes(0, octets, 0, length);
        // Anew for each: a manager that was restarted has another socket of the same name.
        int fd = sockets.connectDatagrams(manager.get());
        long result = fd;
        if (fd >= 0) {
            timeouts.timeout(fd, SEND_LIMIT_S);
            result = syscalls.send(fd, message.addressOffset(), length, MSG_NOSIGNAL);
            syscalls.close(fd);
        }
        if (result < 0) {
            LOG.warn(
                    "event=notify-failed socket={} message=\"{}\" cause=\"{}\"",
                    manager.get().name(),
                    assignments.lines().findFirst().orElse(""),
                    Errno.describe((int) -result));
        }
    }
}
