package io.penstock.linux;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLL_CLOEXEC;
import static io.penstock.linux.EpollConstants.EPOLL_CTL_ADD;
import static io.penstock.linux.EpollConstants.EPOLL_CTL_DEL;
import static io.penstock.linux.EpollConstants.EPOLL_CTL_MOD;

/**
 * One thread's epoll instance. Sockets are added once; the kernel drops them when they are closed.
 * NOT thread safe.
 */
public final class Epoll implements AutoCloseable {
    /** Events taken in one wait; more are taken by the next. Nine in ten waits of a busy loop return far fewer. */
    private static final int EVENTS_PER_WAIT = 512;

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Of the timer of {@link #precise}. */
    private static final long TIMER_TOKEN = Long.MIN_VALUE;

    private final Syscalls syscalls;
    private final AlarmTimer timer;
    private final EpollEvents ready = new EpollEvents(EVENTS_PER_WAIT);
    private final EpollEvents registration = new EpollEvents(1);
    private final int epollFd;

    /** Fails with IllegalStateException when the kernel gives no epoll instance. */
    public Epoll(Syscalls syscalls) {
        this(syscalls, null);
    }

    private Epoll(Syscalls syscalls, AlarmTimer timer) {
        this.syscalls = syscalls;
        this.timer = timer;
        epollFd = syscalls.epollCreate1(EPOLL_CLOEXEC);
        if (epollFd < 0) {
            throw new IllegalStateException("epoll_create1: " + Errno.describe(-epollFd));
        }
    }

    /**
     * One whose waits end within microseconds of their time, of CLOCK_BOOTTIME: they go on while the machine is suspended. This takes a
     * timer (timerfd_create(2)) and a system call more a wait. epoll_pwait2(2) takes nanoseconds as well, but lets each wait be late by a
     * thousandth of it, unless the thread is a realtime one (select_estimate_accuracy): 3.6 ms of a wait of 3.6 s.
     *
     * <p>Token Long.MIN_VALUE is taken. Fails with IllegalStateException when the kernel refuses.
     */
    public static Epoll precise(Syscalls syscalls) {
        AlarmTimer timer = new AlarmTimer(syscalls);
        Epoll epoll = new Epoll(syscalls, timer);
        int result = epoll.add(timer.fd(), EPOLLIN, TIMER_TOKEN);
        if (result < 0) {
            epoll.close();
            throw new IllegalStateException("epoll_ctl: " + Errno.describe(-result));
        }
        return epoll;
    }

    /** 0 or {@code -errno}. */
    public int add(int fd, int events, long token) {
        registration.put(0, events, token);
        return syscalls.epollCtl(epollFd, EPOLL_CTL_ADD, fd, registration.address());
    }

    /** Other events for an fd that was added; what is ready of them by now is reported. 0 or {@code -errno}. */
    public int modify(int fd, int events, long token) {
        registration.put(0, events, token);
        return syscalls.epollCtl(epollFd, EPOLL_CTL_MOD, fd, registration.address());
    }

    /** For an fd that stays open; closing one removes it too. */
    public int remove(int fd) {
        return syscalls.epollCtl(epollFd, EPOLL_CTL_DEL, fd, 0);
    }

    /**
     * Waits for events and returns how many there are.
     *
     * @param timeoutNs 0 to look only, negative to wait for ever; rounded up to epoll's milliseconds, so that a wait
     *     for a deadline never ends just before it; not rounded by a {@link #precise} one
     */
    public int await(long timeoutNs) {
        if (timer == null) {
            return epollWait(timeoutNs);
        }
        // A wait that ended early has left the timer running: setting it anew, or not at all, takes back its expiry
        // too.
        timer.set(Math.max(0, timeoutNs));
        return withoutTimer(epollWait(timeoutNs == 0 ? 0 : -1));
    }

    private int epollWait(long timeoutNs) {
        int timeoutMs = timeoutNs < 0
                ? -1
                : (int) Math.min(Integer.MAX_VALUE, (timeoutNs + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
        int count = syscalls.epollWait(epollFd, ready.address(), ready.capacity(), timeoutMs);
        if (count < 0) {
            throw new IllegalStateException("epoll_wait: " + Errno.describe(-count));
        }
        return count;
    }

    /** Its event is nobody's: the last one takes its place. */
    private int withoutTimer(int count) {
        int last = count - 1;
        for (int i = 0; i <= last; i++) {
            if (ready.data(i) == TIMER_TOKEN) {
                ready.put(i, ready.events(last), ready.data(last));
                return last;
            }
        }
        return count;
    }

    public int events(int index) {
        return ready.events(index);
    }

    public long token(int index) {
        return ready.data(index);
    }

    @Override
    public void close() {
        if (timer != null) {
            timer.close();
        }
        syscalls.close(epollFd);
    }
}
