package io.penstock.forwarder.it.adversary;

import static io.penstock.linux.EpollConstants.EPOLLET;
import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static io.penstock.linux.EpollConstants.EPOLLRDHUP;

import io.penstock.forwarder.event.EventToken;
import io.penstock.linux.Epoll;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.Sockets;
import io.penstock.linux.Syscalls;
import io.penstock.net.IpAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.agrona.BufferUtil;

/** Plays many scripts at a time on one thread: both peers of every run, over one epoll instance. NOT thread safe. */
final class Arena implements AutoCloseable {
    /** Kinds of events: of the client's socket, or of one of the backend's two. */
    static final int CLIENT = 1;

    static final int BACKEND = 2;

    static final IpAddress FORWARDER_ADDRESS = IpAddress.ofIpv4(0x7f000001);
    static final IpAddress BACKEND_ADDRESS = IpAddress.ofIpv4(0x7f000002);

    /** The forwarder's idle and fin timeout for scripts that may stall. */
    static final long SHORT_TIMEOUT_NS = 500_000_000;

    private static final int SOCKET_EVENTS = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    private static final long MAX_WAIT_NS = 100_000_000;

    private final Syscalls syscalls = new LinuxSyscalls();
    private final Sockets sockets = new Sockets(syscalls);
    private final Epoll epoll = new Epoll(syscalls);
    private final PortPool ports;
    private final TimeWaits timeWaits = new TimeWaits();
    private final Run[] runs;
    private final int[] generations;

    private final ByteBuffer buffer = BufferUtil.allocateDirectAligned(Content.CHUNK_BYTES, 4096);
    private final long bufferAddress = BufferUtil.address(buffer);
    private final ByteBuffer urgentByte = BufferUtil.allocateDirectAligned(1, 1).put(0, Content.URGENT);
    private final long urgentByteAddress = BufferUtil.address(urgentByte);

    private long nowNs = System.nanoTime();
    private int active;

    /** @param capacity scripts that are played at the same time, at most */
    Arena(PortPool ports, int capacity) {
        this.ports = ports;
        runs = new Run[capacity];
        generations = new int[capacity];
    }

    /**
     * Plays every job and hands over its result; results may make more jobs.
     *
     * @param jobs null when there is none at present
     */
    void play(Supplier<Job> jobs, Consumer<Result> results) {
        Job next = jobs.get();
        while (next != null || active > 0) {
            nowNs = System.nanoTime();
            while (next != null && tryStart(next)) {
                next = jobs.get();
            }
            dispatch(epoll.await(waitNs()));
            turnDue(results);
            if (next == null) {
                next = jobs.get();
            }
        }
    }

    private boolean tryStart(Job job) {
        int slot = timeWaits.hasRoom(nowNs) ? freeSlot() : -1;
        int port = slot < 0 ? PortPool.NONE : ports.tryTake(job.mayStall(), nowNs);
        if (port == PortPool.NONE) {
            return false;
        }
        generations[slot]++;
        active++;
        runs[slot] = new Run(this, job, slot, port, nowNs);
        runs[slot].turn(nowNs);
        return true;
    }

    private int freeSlot() {
        for (int slot = 0; active < runs.length && slot < runs.length; slot++) {
            if (runs[slot] == null) {
                return slot;
            }
        }
        return -1;
    }

    private long waitNs() {
        long wakeAtNs = nowNs + MAX_WAIT_NS;
        for (Run run : runs) {
            if (run != null) {
                wakeAtNs = run.hasMore() || run.isOver() ? nowNs : Math.min(wakeAtNs, run.wakeAtNs());
            }
            if (wakeAtNs <= nowNs) {
                return 0;
            }
        }
        return wakeAtNs - nowNs;
    }

    private void dispatch(int count) {
        nowNs = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long token = epoll.token(i);
            int slot = EventToken.slot(token);
            if (runs[slot] != null && generations[slot] == EventToken.generation(token)) {
                runs[slot].onEvent(EventToken.kind(token), epoll.events(i));
                runs[slot].turn(nowNs);
            }
        }
    }

    private void turnDue(Consumer<Result> results) {
        nowNs = System.nanoTime();
        for (int slot = 0; slot < runs.length; slot++) {
            Run run = runs[slot];
            if (run != null && !run.isOver() && (run.hasMore() || run.wakeAtNs() <= nowNs)) {
                run.turn(nowNs);
            }
            if (run != null && run.isOver()) {
                runs[slot] = null;
                active--;
                Result result = run.finish();
                ports.giveBack(run.port(), run.job().mayStall(), run.leavesTraces(), nowNs);
                results.accept(result);
            }
        }
    }

    void register(int fd, Run run, int kind) {
        int slot = run.slot();
        run.check("epoll_ctl", epoll.add(fd, SOCKET_EVENTS, EventToken.of(generations[slot], slot, kind)));
    }

    Syscalls syscalls() {
        return syscalls;
    }

    Sockets sockets() {
        return sockets;
    }

    ByteBuffer buffer() {
        return buffer;
    }

    long bufferAddress() {
        return bufferAddress;
    }

    long urgentByteAddress() {
        return urgentByteAddress;
    }

    /** The time that this turn of the loop goes by. */
    long nowNs() {
        return nowNs;
    }

    @Override
    public void close() {
        for (int slot = 0; slot < runs.length; slot++) {
            if (runs[slot] != null) {
                runs[slot].finish();
                runs[slot] = null;
            }
        }
        epoll.close();
    }
}
