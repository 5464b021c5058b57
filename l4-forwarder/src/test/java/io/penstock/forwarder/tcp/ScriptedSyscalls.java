package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLL_CTL_ADD;
import static io.penstock.linux.EpollConstants.EPOLL_CTL_MOD;
import static io.penstock.linux.FcntlConstants.F_SETPIPE_SZ;
import static io.penstock.linux.SocketConstants.AF_INET;
import static io.penstock.linux.SocketConstants.IPPROTO_TCP;
import static io.penstock.linux.SocketConstants.MSG_MORE;
import static io.penstock.linux.SocketConstants.MSG_PEEK;
import static io.penstock.linux.SocketConstants.SOL_SOCKET;
import static io.penstock.linux.SocketConstants.SO_ERROR;
import static io.penstock.linux.SocketConstants.SO_LINGER;
import static io.penstock.linux.SocketConstants.TCP_FASTOPEN_CONNECT;
import static io.penstock.linux.SocketConstants.TCP_INFO;
import static io.penstock.linux.SocketConstants.TCP_NODELAY;
import static io.penstock.linux.SocketConstants.TCP_QUICKACK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.EpollEvents;
import io.penstock.linux.Errno;
import io.penstock.linux.Syscalls;
import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A kernel that answers as the test says: by default nothing is there to read, every write is taken whole and every
 * connect is under way. Descriptors are the lowest free numbers, as Linux gives them out, so that numbers come again.
 */
final class ScriptedSyscalls implements Syscalls {
    /** Answers that are not to come from a queue. */
    private static final long DEFAULT = Long.MIN_VALUE;

    private static final int FIRST_FD = 3;

    /** Of what is sent, so many octets a call are kept. */
    private static final int HEARD = 8192;

    private static final int HELD = 0;
    private static final int CAPACITY = 1;

    /** One open descriptor, and what became of it. */
    static final class Fd {
        final int number;
        /** For each recv: a length, 0 for the end of the stream, or {@code -errno}; then EAGAIN. */
        final Deque<Long> reads = new ArrayDeque<>();
        /** For each send: how much is taken, or {@code -errno}; then everything. */
        final Deque<Long> writes = new ArrayDeque<>();

        /** For each splice from this socket, instead of what {@link #reads} has: 0 or {@code -errno}. */
        final Deque<Integer> spliceResults = new ArrayDeque<>();
        /** Of a pipe's two ends: what stands in it and what it can hold. */
        int[] pipe;

        long token;
        boolean registered;
        boolean muted;
        boolean nonlinger;
        boolean noDelay;
        boolean quickAckOff;
        boolean fastOpen;
        boolean closed;
        boolean reset;
        boolean finSent;
        /** Octets that wait to be read, for tests that care which; they come before {@link #reads}. */
        private final ByteArrayOutputStream said = new ByteArrayOutputStream();
        /** Octets that were sent, the first of each call. */
        final ByteArrayOutputStream heard = new ByteArrayOutputStream();

        int error;
        int unacknowledged;
        int rttUs;
        int segmentsSent;
        int infoAsked;
        int acceptQueue;
        long received;
        long sent;
        long spliced;
        int sends;
        boolean lastSendMore;

        private Fd(int number) {
            this.number = number;
        }

        Fd reading(long... results) {
            for (long result : results) {
                reads.add(result);
            }
            return this;
        }

        /** More octets arrive. */
        Fd saying(byte... octets) {
            said.writeBytes(octets);
            return this;
        }

        private long take(long buffer, long length, boolean peek) {
            byte[] octets = said.toByteArray();
            int taken = (int) Math.min(octets.length, length);
            new UnsafeBuffer(buffer, taken).putBytes(0, octets, 0, taken);
            if (!peek) {
                said.reset();
                said.write(octets, taken, octets.length - taken);
                received += taken;
            }
            return taken;
        }

        Fd writing(long... results) {
            for (long result : results) {
                writes.add(result);
            }
            return this;
        }
    }

    private final Map<Integer, Fd> open = new TreeMap<>();
    private final EpollEvents event = new EpollEvents(1);

    /** For each socket(2), bind(2) and so on: 0 to succeed, or {@code -errno}. */
    final Deque<Integer> socketResults = new ArrayDeque<>();

    final Deque<Integer> connectResults = new ArrayDeque<>();
    final Deque<Integer> acceptErrors = new ArrayDeque<>();
    /** For each eventfd(2), which is no socket and not among those made. */
    final Deque<Integer> eventfdResults = new ArrayDeque<>();

    /** For each pipe2(2), which is no socket and not among those made. */
    final Deque<Integer> pipeResults = new ArrayDeque<>();
    /** What F_SETPIPE_SZ allows; a new pipe has 64 KiB or this. */
    int maxPipeBytes = 1 << 20;

    int pipesMade;

    final Deque<Integer> registerResults = new ArrayDeque<>();
    final List<Integer> connectedAddresses = new ArrayList<>();
    /** What bind(2) is to answer; then 0. */
    final Deque<Integer> bindResults = new ArrayDeque<>();

    /** IPv4, in the order of the calls. */
    final List<Integer> boundAddresses = new ArrayList<>();

    /** What the next socket takes of its first writes. */
    final Deque<Long> nextWrites = new ArrayDeque<>();

    /** Calls on sockets, whatever they came to. */
    int calls;

    int clientsWaiting;
    /** What the next accepted client has sent already. */
    long[] sentAlready = {};
    /** The same, for tests that care which octets. */
    byte[] saidAlready = {};
    /** What getsockname(2) says. */
    int localFamily = AF_INET;
    /** How often accept4 was called when nobody was waiting. */
    int acceptsInVain;

    int shutdownResult;

    /** Every socket that was ever accepted or made, in that order. */
    final List<Fd> made = new ArrayList<>();

    int openFds() {
        return open.size();
    }

    Fd last() {
        return made.get(made.size() - 1);
    }

    private Fd make() {
        int number = FIRST_FD;
        while (open.containsKey(number)) {
            number++;
        }
        Fd fd = new Fd(number);
        open.put(number, fd);
        made.add(fd);
        return fd;
    }

    private Fd fd(int number) {
        calls++;
        Fd fd = open.get(number);
        assertNotNull(fd, () -> "fd " + number + " is used but not open");
        return fd;
    }

    @Override
    public int socket(int domain, int type, int protocol) {
        int result = socketResults.isEmpty() ? 0 : socketResults.remove();
        if (result < 0) {
            return result;
        }
        Fd fd = make();
        fd.writes.addAll(nextWrites);
        nextWrites.clear();
        return fd.number;
    }

    @Override
    public int socketpair(int domain, int type, int protocol, long fds) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int bind(int fd, long address, int addressLength) {
        fd(fd);
        boundAddresses.add(new UnsafeBuffer(address, 16).getInt(4, ByteOrder.BIG_ENDIAN));
        return bindResults.isEmpty() ? 0 : bindResults.remove();
    }

    @Override
    public int listen(int fd, int backlog) {
        fd(fd);
        return 0;
    }

    @Override
    public int accept4(int fd, long address, long addressLength, int flags) {
        fd(fd);
        if (!acceptErrors.isEmpty()) {
            return acceptErrors.remove();
        }
        if (clientsWaiting == 0) {
            acceptsInVain++;
            return -Errno.EAGAIN;
        }
        clientsWaiting--;
        UnsafeBuffer peer = new UnsafeBuffer(address, 16);
        peer.putShort(0, (short) AF_INET, ByteOrder.nativeOrder());
        peer.putShort(2, (short) 40_000, ByteOrder.BIG_ENDIAN);
        peer.putInt(4, 0x7f000001, ByteOrder.BIG_ENDIAN);
        return make().reading(sentAlready).saying(saidAlready).number;
    }

    @Override
    public int connect(int fd, long address, int addressLength) {
        fd(fd);
        connectedAddresses.add(new UnsafeBuffer(address, 16).getInt(4, ByteOrder.BIG_ENDIAN));
        return connectResults.isEmpty() ? -Errno.EINPROGRESS : connectResults.remove();
    }

    @Override
    public int getsockname(int fd, long address, long addressLength) {
        fd(fd);
        UnsafeBuffer local = new UnsafeBuffer(address, 16);
        local.putShort(0, (short) localFamily, ByteOrder.nativeOrder());
        local.putShort(2, (short) 80, ByteOrder.BIG_ENDIAN);
        local.putInt(4, 0x7f000001, ByteOrder.BIG_ENDIAN);
        return 0;
    }

    @Override
    public int shutdown(int fd, int how) {
        Fd socket = fd(fd);
        if (shutdownResult == 0) {
            socket.finSent = true;
        }
        return shutdownResult;
    }

    @Override
    public int close(int fd) {
        Fd socket = fd(fd);
        open.remove(fd);
        socket.closed = true;
        socket.registered = false;
        socket.reset = socket.nonlinger;
        return 0;
    }

    @Override
    public long recv(int fd, long buffer, long length, int flags) {
        Fd socket = fd(fd);
        if (socket.said.size() > 0) {
            return socket.take(buffer, length, (flags & MSG_PEEK) != 0);
        }
        if (socket.reads.isEmpty()) {
            return -Errno.EAGAIN;
        }
        long result = socket.reads.peek();
        if (result <= 0) {
            if (result < 0) {
                socket.reads.remove(); // an errno is reported once, an end of stream again and again
            }
            return result;
        }
        if ((flags & MSG_PEEK) != 0) {
            return Math.min(result, length);
        }
        socket.reads.remove();
        if (result > length) {
            socket.reads.addFirst(result - length);
            result = length;
        }
        socket.received += result;
        return result;
    }

    @Override
    public long send(int fd, long buffer, long length, int flags) {
        Fd socket = fd(fd);
        long result = socket.writes.isEmpty() ? DEFAULT : socket.writes.remove();
        result = result == DEFAULT ? length : Math.min(result, length);
        socket.sends++;
        if (result > 0 && buffer != 0) {
            byte[] head = new byte[(int) Math.min(result, HEARD)];
            new UnsafeBuffer(buffer, head.length).getBytes(0, head);
            socket.heard.writeBytes(head);
        }
        socket.lastSendMore = (flags & MSG_MORE) != 0;
        socket.sent += Math.max(result, 0);
        return result;
    }

    @Override
    public int setsockopt(int fd, int level, int name, long value, int valueLength) {
        Fd socket = fd(fd);
        if (level == SOL_SOCKET && name == SO_LINGER) {
            socket.nonlinger = true;
        }
        if (level == IPPROTO_TCP) {
            socket.noDelay |= name == TCP_NODELAY;
            socket.fastOpen |= name == TCP_FASTOPEN_CONNECT;
            if (name == TCP_QUICKACK) {
                socket.quickAckOff = new UnsafeBuffer(value, Integer.BYTES).getInt(0, ByteOrder.nativeOrder()) == 0;
            }
        }
        return 0;
    }

    @Override
    public int getsockopt(int fd, int level, int name, long value, long valueLength) {
        Fd socket = fd(fd);
        if (level == SOL_SOCKET && name == SO_ERROR) {
            new UnsafeBuffer(value, Integer.BYTES).putInt(0, socket.error, ByteOrder.nativeOrder());
            socket.error = 0;
        } else if (level == IPPROTO_TCP && name == TCP_INFO) {
            info(socket, new UnsafeBuffer(value, 168));
        }
        return 0;
    }

    /** At the offsets of struct tcp_info, linux/tcp.h. */
    private static void info(Fd socket, UnsafeBuffer info) {
        socket.infoAsked++;
        info.putInt(24, socket.acceptQueue, ByteOrder.nativeOrder());
        info.putInt(28, 4, ByteOrder.nativeOrder());
        info.putInt(68, socket.rttUs, ByteOrder.nativeOrder());
        info.putInt(100, 1, ByteOrder.nativeOrder());
        info.putInt(156, socket.segmentsSent, ByteOrder.nativeOrder());
        info.putLong(160, 1_000_000, ByteOrder.nativeOrder());
    }

    @Override
    public int ioctl(int fd, long request, long argument) {
        new UnsafeBuffer(argument, Integer.BYTES).putInt(0, fd(fd).unacknowledged, ByteOrder.nativeOrder());
        return 0;
    }

    @Override
    public int epollCreate1(int flags) {
        return FIRST_FD - 1;
    }

    @Override
    public int epollCtl(int epollFd, int operation, int fd, long eventAddress) {
        Fd socket = fd(fd);
        if (operation == EPOLL_CTL_ADD) {
            int result = registerResults.isEmpty() ? 0 : registerResults.remove();
            if (result < 0) {
                return result;
            }
            socket.token = new UnsafeBuffer(eventAddress, 16).getLong((int) dataOffset(), ByteOrder.nativeOrder());
            socket.registered = true;
        } else if (operation == EPOLL_CTL_MOD) {
            socket.muted = (new UnsafeBuffer(eventAddress, 16).getInt(0, ByteOrder.nativeOrder()) & EPOLLIN) == 0;
        } else {
            socket.registered = false;
        }
        return 0;
    }

    /** Found out rather than known: where {@link EpollEvents} puts the data. */
    private long dataOffset() {
        event.put(0, 0, -1);
        UnsafeBuffer memory = new UnsafeBuffer(event.address(), 16);
        return memory.getInt(4) == -1 ? 4 : 8;
    }

    @Override
    public int epollWait(int epollFd, long events, int maxEvents, int timeoutMs) {
        throw new UnsupportedOperationException("tests deliver events themselves");
    }

    @Override
    public long sendmsg(int fd, long message, int flags) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long recvmsg(int fd, long message, int flags) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int recvmmsg(int fd, long messages, int count, int flags) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int sendmmsg(int fd, long messages, int count, int flags) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long read(int fd, long buffer, long length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(int fd, long buffer, long length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long splice(int fdIn, int fdOut, long length, int flags) {
        Fd in = fd(fdIn);
        Fd out = fd(fdOut);
        if (in.pipe == null) {
            return fill(in, out, length);
        }
        assertTrue(length > 0 && length <= in.pipe[HELD], () -> length + " of " + in.pipe[HELD]);
        long sent = send(out.number, 0, length, 0);
        long taken = Math.max(sent, 0);
        in.pipe[HELD] -= (int) taken;
        out.spliced += taken;
        return sent;
    }

    private long fill(Fd in, Fd out, long length) {
        assertEquals(0, out.pipe[HELD], "a pipe that holds bytes makes EAGAIN ambiguous");
        assertTrue(length <= out.pipe[CAPACITY]);
        if (!in.spliceResults.isEmpty()) {
            return in.spliceResults.remove();
        }
        long received = recv(in.number, 0, length, 0);
        out.pipe[HELD] = (int) Math.max(received, 0);
        return received;
    }

    @Override
    public int pipe2(long fds, int flags) {
        int result = pipeResults.isEmpty() ? 0 : pipeResults.remove();
        if (result < 0) {
            return result;
        }
        int[] pipe = {0, Math.min(1 << 16, maxPipeBytes)};
        UnsafeBuffer numbers = new UnsafeBuffer(fds, 2 * Integer.BYTES);
        for (int end = 0; end < 2; end++) {
            Fd fd = make();
            made.remove(made.size() - 1);
            fd.pipe = pipe;
            numbers.putInt(end * Integer.BYTES, fd.number, ByteOrder.nativeOrder());
        }
        pipesMade++;
        return 0;
    }

    @Override
    public int kill(int pid, int signal) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int fcntl(int fd, int command, long argument) {
        int[] pipe = fd(fd).pipe;
        if (command == F_SETPIPE_SZ) {
            if (argument > maxPipeBytes) {
                return -Errno.EPERM;
            }
            pipe[CAPACITY] = (int) argument;
        }
        return pipe[CAPACITY];
    }

    @Override
    public int timerfdCreate(int clock, int flags) {
        throw new UnsupportedOperationException("timerfd_create");
    }

    @Override
    public int timerfdSettime(int fd, int flags, long value, long former) {
        throw new UnsupportedOperationException("timerfd_settime");
    }

    @Override
    public int schedSetscheduler(int thread, int policy, long parameter) {
        throw new UnsupportedOperationException("sched_setscheduler");
    }

    @Override
    public int schedSetaffinity(int thread, long maskLength, long mask) {
        throw new UnsupportedOperationException("sched_setaffinity");
    }

    @Override
    public int schedGetaffinity(int thread, long maskLength, long mask) {
        throw new UnsupportedOperationException("sched_getaffinity");
    }

    @Override
    public int mlockall(int flags) {
        throw new UnsupportedOperationException("mlockall");
    }

    @Override
    public int clockGettime(int clock, long time) {
        throw new UnsupportedOperationException("the clock is the test's");
    }

    @Override
    public int eventfd(int initialValue, int flags) {
        int result = eventfdResults.isEmpty() ? 0 : eventfdResults.remove();
        if (result < 0) {
            return result;
        }
        int number = make().number;
        made.remove(made.size() - 1);
        return number;
    }
}
