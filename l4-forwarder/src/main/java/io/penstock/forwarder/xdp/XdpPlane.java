package io.penstock.forwarder.xdp;

import static io.penstock.linux.EpollConstants.EPOLLIN;

import io.penstock.events.EventLog;
import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.Requirements;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.PacketTable;
import io.penstock.linux.Epoll;
import io.penstock.linux.Errno;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.Syscalls;
import io.penstock.linux.Wakeup;
import io.penstock.process.BugHandler;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data plane of packets: an XDP program that forwards them by maps, and the thread {@code fwd-xdp}, which keeps the maps as the
 * newest table says. The program needs neither the thread nor this process: {@link #close} leaves it attached, and the next process
 * takes it over. Safe from any thread, but for {@link #start} and {@link #close}.
 */
public final class XdpPlane implements PlaneView, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(XdpPlane.class);

    private static final String THREAD = "fwd-xdp";
    private static final long WAKEUP = 1;
    private static final long KERNEL = 2;

    /** A process that hands over ends its part within seconds. */
    private static final long LOCK_WAIT_NS = 15_000_000_000L;

    private static final long SECOND_NS = 1_000_000_000L;

    /** The kernel's news are left alone after they could not be taken: to wait for them would be to turn without end. */
    private static final long DEAF_NS = 1_000_000_000L;

    private static final long JOIN_MS = 10_000;

    private final ProbeMarks marks;
    private final PlaneLock lock;
    private final RealIds realIds;
    private final PlaneTurns turns;
    private final Epoll epoll;
    private final Wakeup wakeup;
    private final NextHops nextHops;
    private final Thread thread;

    private final AtomicReference<PacketTable> newest = new AtomicReference<>();
    private final AtomicReference<XdpSettings> wanted = new AtomicReference<>();
    private final Queue<Announced> announced = new ConcurrentLinkedQueue<>();
    private volatile long controlNs;

    /** Whether news wake the thread, which alone looks at this. */
    private boolean listening = true;

    private long listenAtNs;
    private volatile boolean stopping;

    /** Of the descriptor that signals go to; held while it is used or closed. */
    private final Object signalling = new Object();

    private boolean closed;
    private volatile boolean handingOver;

    /** A backend whose number somebody asked for. */
    record Announced(String service, Backend.Key backend) {}

    private XdpPlane(
            String name, PlaneLock lock, RealIds realIds, PlaneTurns turns, NextHops nextHops, Syscalls syscalls) {
        marks = new ProbeMarks(name);
        this.lock = lock;
        this.realIds = realIds;
        this.turns = turns;
        this.nextHops = nextHops;
        epoll = new Epoll(syscalls);
        wakeup = new Wakeup(syscalls, epoll, WAKEUP);
        listen();
        thread = BugHandler.thread(this::run, THREAD);
    }

    private void listen() {
        int result = epoll.add(nextHops.fd(), EPOLLIN, KERNEL);
        if (result < 0) {
            throw new IllegalStateException("epoll_ctl: " + Errno.describe(-result));
        }
    }

    /**
     * Why this host, or what is pinned on it, would not let {@link #start} succeed, as far as that can be tried while another process has
     * the plane: its maps and its program stay as they are.
     */
    public static List<String> problems(XdpSettings settings, EventLog events) {
        try {
            LoadedPlane.load(settings, new PlaneLog(events)).abandon();
            return List.of();
        } catch (XdpException | BpfException e) {
            return List.of(e.getMessage());
        }
    }

    /**
     * Loads the program, takes over what a process before this one left, and attaches. In the network namespace of this thread. When
     * it fails, what was attached before still is, and forwards.
     *
     * @throws XdpException when this host cannot, an interface is not there or is another program's, or the maps are of another version
     */
    public static XdpPlane start(XdpSettings settings, EventLog events) throws XdpException {
        List<String> problems = Requirements.problems();
        if (!problems.isEmpty()) {
            throw new XdpException(String.join("; ", problems));
        }
        Syscalls syscalls = new LinuxSyscalls();
        PlaneLog log = new PlaneLog(events);
        PlaneLock lock = PlaneLock.take(
                settings.name(), LOCK_WAIT_NS, () -> log.waiting(settings.name(), LOCK_WAIT_NS / SECOND_NS));
        try {
            return start(settings, log, lock, syscalls);
        } catch (XdpException | BpfException | IOException e) {
            lock.close();
            throw new XdpException(e.getMessage());
        }
    }

    private static XdpPlane start(XdpSettings settings, PlaneLog log, PlaneLock lock, Syscalls syscalls)
            throws XdpException, BpfException, IOException {
        NextHops nextHops = NextHops.open(syscalls);
        RealIds realIds = new RealIds();
        LoadedPlane loaded = null;
        try {
            loaded = LoadedPlane.load(settings, log);
            PlaneTurns turns = PlaneTurns.begin(settings, loaded, nextHops, realIds, log);
            XdpPlane plane = new XdpPlane(settings.name(), lock, realIds, turns, nextHops, syscalls);
            plane.thread.start();
            return plane;
        } catch (XdpException | BpfException | IOException e) {
            if (loaded != null) {
                loaded.abandon();
            }
            nextHops.close();
            throw e;
        }
    }

    /** The newest table counts; one that has not been taken by then is passed over. */
    public void onTable(PacketTable table) {
        newest.set(table);
        signal();
    }

    /**
     * The mark (SO_MARK) by which a probe that is sent to the first address of a service gets to this backend, as packets do.
     *
     * @return empty when there is no number left
     */
    public OptionalInt probeMark(String service, Backend.Key backend) {
        int id = realId(service, backend);
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(marks.mark(id));
    }

    /**
     * The number of a backend of a service, by which a probe's mark names it: the same as long as the backend is known. It is written to the maps
     * within milliseconds if the service is known; -1 when there is no number left.
     */
    public int realId(String service, Backend.Key backend) {
        int known = realIds.find(RealKey.of(service, backend));
        int id = realIds.use(RealKey.of(service, backend));
        if (known == StableIds.FULL && id != StableIds.FULL) {
            announced.add(new Announced(service, backend));
            signal();
        }
        return id;
    }

    /**
     * Whether a probe with this backend's mark would be sent by now: the backend is in the maps with its next hop, and where probes of the
     * service leave they are taken up. It takes a moment of a backend that is new, and of all when the first one starts.
     */
    public boolean reaches(String service, Backend.Key backend) {
        return turns.reaches(RealKey.of(service, backend));
    }

    /** The thread that decides about health is alive: unless this is called every third of a lease, the lease runs out. */
    public void onControlTurn() {
        controlNs = System.nanoTime() | 1;
    }

    /** Other interfaces and numbers, from the next turn on; the name and how many flows are remembered need a restart. */
    public void apply(XdpSettings settings) {
        wanted.set(settings);
        signal();
    }

    private void signal() {
        synchronized (signalling) {
            if (!closed) {
                wakeup.signal();
            }
        }
    }

    /** Why no packets are forwarded, or none as the table says; empty when they are. */
    public Optional<String> trouble() {
        return turns.trouble();
    }

    @Override
    public PlaneStatus status() {
        return turns.status();
    }

    @Override
    public PlaneFigures figures() {
        return turns.figures();
    }

    /** From now on another process has the maps: as {@link #close}, but the lease stays, for the other renews it. */
    public void handOver() {
        handingOver = true;
        close();
    }

    /** The program stays attached and forwards; the lease is given back, as health is not looked at any more. */
    @Override
    public void close() {
        if (stopping) {
            return;
        }
        stopping = true;
        signal();
        try {
            thread.join(JOIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!thread.isAlive()) {
            turns.close();
            nextHops.close();
            synchronized (signalling) {
                closed = true;
                wakeup.close();
            }
            epoll.close();
            lock.close();
        } else {
            // It may still be writing: another process gets the maps when this one has ended.
            LOG.error("event=xdp-thread-lives effect=\"no other process gets the maps while this one lives\"");
        }
    }

    private long waitNs(long nowNs) {
        long wait = turns.waitNs(nowNs);
        return listening ? wait : Math.min(wait, Math.max(0, listenAtNs - nowNs));
    }

    private void run() {
        while (!stopping) {
            int count = epoll.await(waitNs(System.nanoTime()));
            for (int i = 0; i < count; i++) {
                if (epoll.token(i) == WAKEUP) {
                    wakeup.drain();
                } else if (!turns.takeNews()) {
                    int unused = epoll.remove(nextHops.fd());
                    listening = false;
                    listenAtNs = System.nanoTime() + DEAF_NS;
                }
            }
            if (!listening && System.nanoTime() - listenAtNs >= 0) {
                listen();
                listening = true;
            }
            XdpSettings settings = wanted.getAndSet(null);
            if (settings != null) {
                turns.apply(settings);
            }
            PacketTable table = newest.getAndSet(null);
            if (table != null) {
                turns.onTable(table);
            }
            for (Announced next = announced.poll(); next != null; next = announced.poll()) {
                turns.announce(next);
            }
            turns.turn(System.nanoTime(), () -> controlNs);
        }
        if (!handingOver) {
            turns.giveBackLease();
        }
    }
}
