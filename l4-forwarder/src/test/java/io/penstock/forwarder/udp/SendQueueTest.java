package io.penstock.forwarder.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.linux.Errno;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.SendBatch;
import io.penstock.linux.Syscalls;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Datagrams of several lengths to a real socket, through a kernel that refuses what the test says. */
@Timeout(30)
class SendQueueTest {
    private static final int FORBIDDEN = Integer.MAX_VALUE;

    /** For each message that is sent: 0 to let it pass, or an errno; then all pass. */
    private final Deque<Integer> answers = new ArrayDeque<>();

    private final List<String> events = new ArrayList<>();
    private final RawUdp receiver = new RawUdp("127.0.0.1");
    private final RawUdp sender = new RawUdp("127.0.0.1");
    private final UnsafeBuffer memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(4096, 8));
    private final Session session = new Session(0);
    private final Session other = new Session(1);
    private final SendQueue queue = new SendQueue(refusing(), 64, new Recorded());
    private int cutLimit = FORBIDDEN;
    private boolean retries;

    private final class Recorded implements SendQueue.Side {
        @Override
        public void address(SendBatch batch, int message, Session session, int trafficClass) {
            batch.to(message, receiver.address().high(), receiver.address().low(), receiver.port(), 0);
        }

        @Override
        public int cutLimit(Session session) {
            return cutLimit;
        }

        @Override
        public void onCutRefused(Session session, int longestBytes) {
            events.add("uncut above " + longestBytes);
            cutLimit = longestBytes;
        }

        @Override
        public int retry(Session session, int fd, int errno) {
            return retries ? fd : DROP;
        }

        @Override
        public void onSent(Session session, int datagrams, long bytes) {
            events.add(datagrams + " of " + bytes);
        }

        @Override
        public void onDropped(Session session, int datagrams, int errno) {
            events.add("dropped " + datagrams + " by " + errno);
        }
    }

    private Syscalls refusing() {
        LinuxSyscalls linux = new LinuxSyscalls();
        return (Syscalls) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Syscalls.class}, (proxy, method, arguments) -> {
                    boolean one = method.getName().equals("sendmsg");
                    if (one || method.getName().equals("sendmmsg")) {
                        int count = one ? 1 : (int) arguments[2];
                        for (int passed = 0; passed < count; passed++) {
                            int errno = answers.isEmpty() ? 0 : answers.poll();
                            if (errno != 0 && passed == 0) {
                                return one ? (Object) (long) -errno : (Object) (-errno);
                            }
                            if (errno != 0) {
                                answers.addFirst(errno);
                                arguments[2] = passed;
                                break;
                            }
                        }
                    }
                    try {
                        return method.invoke(linux, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @AfterEach
    void close() {
        receiver.close();
        sender.close();
    }

    @Test
    void shouldGroupNeighboursOfOneLengthWithOneShorterLast() {
        send(session, 10, 10, 10, 4, 10, 10, 20, 20, 0, 0, 5);
        assertEquals(List.of("4 of 34", "2 of 20", "2 of 40", "1 of 0", "1 of 0", "1 of 5"), events);
    }

    @Test
    void shouldGroupDatagramsOfOneSessionOnly() {
        add(session, 10, 0);
        add(other, 10, 0);
        add(other, 10, 0);
        queue.flush(sender.fd());
        assertEquals(List.of("1 of 10", "2 of 20"), events);
    }

    @Test
    void shouldGroupDatagramsOfOneTrafficClassOnly() {
        queue.add(session, memory.addressOffset(), 10, 0, 0);
        queue.add(session, memory.addressOffset(), 10, 0, 0x20);
        queue.flush(sender.fd());
        assertEquals(List.of("1 of 10", "1 of 10"), events);
    }

    @Test
    void shouldAddToGroupsThatCameAsSuch() {
        add(session, 30, 10);
        add(session, 10, 0);
        add(session, 25, 10);
        add(session, 10, 0);
        queue.flush(sender.fd());
        assertEquals(List.of("7 of 65", "1 of 10"), events);
    }

    @Test
    void shouldSendAtMostSixtyFourInOne() {
        add(session, 10, 1);
        for (int i = 0; i < 60; i++) {
            add(session, 1, 0);
        }
        queue.flush(sender.fd());
        assertEquals(List.of("64 of 64", "6 of 6"), events);
    }

    @Test
    void shouldSendEachByItselfWhereTheKernelDoesNotCut() {
        answers.addAll(List.of(0, Errno.EINVAL, Errno.EINVAL));
        send(session, 5, 10, 10, 3);
        assertEquals(List.of("1 of 5", "uncut above 9", "1 of 10", "1 of 10", "1 of 3"), events);
        assertEquals(List.of(5, 10, 10, 3), lengths(4));
        events.clear();
        send(session, 10, 10, 9, 9);
        assertEquals(List.of("1 of 10", "1 of 10", "1 of 9", "1 of 9"), events, "10, 10 and 9 would have been one");
    }

    @Test
    void shouldGoOnBehindOneThatIsRefused() {
        answers.addAll(List.of(0, Errno.EPERM));
        send(session, 5, 10, 20);
        assertEquals(List.of("1 of 5", "dropped 1 by " + Errno.EPERM, "1 of 20"), events);
        assertEquals(List.of(5, 20), lengths(2));
    }

    @Test
    void shouldTryOnceMoreWhereTheErrorWasOfAnEarlierDatagram() {
        retries = true;
        answers.addAll(List.of(Errno.ECONNREFUSED));
        send(session, 5, 10);
        assertEquals(List.of("1 of 5", "1 of 10"), events);
        events.clear();
        answers.addAll(List.of(Errno.ECONNREFUSED, Errno.ECONNREFUSED, 0));
        send(session, 5, 10);
        assertEquals(List.of("dropped 1 by " + Errno.ECONNREFUSED, "1 of 10"), events);
    }

    private void send(Session session, int... lengths) {
        for (int length : lengths) {
            add(session, length, 0);
        }
        queue.flush(sender.fd());
    }

    private void add(Session session, int length, int segmentBytes) {
        queue.add(session, memory.addressOffset(), length, segmentBytes, 0);
    }

    private List<Integer> lengths(int count) {
        List<Integer> lengths = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lengths.add(receiver.receive().length);
        }
        return lengths;
    }
}
