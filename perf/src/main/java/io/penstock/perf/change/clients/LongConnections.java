package io.penstock.perf.change.clients;

import io.penstock.linux.Errno;
import io.penstock.net.Endpoint;
import io.penstock.perf.load.ClientConnection;
import io.penstock.perf.load.ClientListener;
import io.penstock.perf.load.EventLoop;
import io.penstock.perf.load.ResponseSizes;
import io.penstock.perf.load.Wire;
import java.util.ArrayDeque;
import java.util.Deque;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Connections that stay, each with a request and a byte-exact answer at once and then every so often. One that breaks is
 * counted, and opened again if its group says so.
 */
public final class LongConnections implements Activity {
    /** Being opened at a time unless more are asked for: far below any listen queue. */
    private static final int OPENING_MAX = 64;

    private final EventLoop loop;
    private final long intervalNs;
    private final long patienceNs;
    private final int openingMax;
    private final UnsafeBuffer request = Wire.newRequest();

    /** In the order in which they are due, since all have the same interval; closed ones too. */
    private final Deque<Client> due = new ArrayDeque<>();

    /** Each client is here or above, until it is forgotten. */
    private final Deque<Client> toOpen = new ArrayDeque<>();

    private int opening;

    /**
     * None yet.
     *
     * @param intervalNs between two exchanges of a connection
     * @param patienceNs after which an exchange without an answer has broken its connection
     */
    public LongConnections(EventLoop loop, long intervalNs, long patienceNs) {
        this(loop, intervalNs, patienceNs, OPENING_MAX);
    }

    /**
     * As above.
     *
     * @param openingMax without an answer at a time; more wait until there is room
     */
    public LongConnections(EventLoop loop, long intervalNs, long patienceNs, int openingMax) {
        this.loop = loop;
        this.intervalNs = intervalNs;
        this.patienceNs = patienceNs;
        this.openingMax = openingMax;
    }

    /** Connections of one kind, and what became of them. */
    public static final class Group {
        private final boolean reopening;
        private final Lifetimes lifetimes = new Lifetimes();
        private final Failures refusals = new Failures();
        private final Failures breaks = new Failures();
        private int asked;
        private int open;
        private int opened;
        private int exchanges;

        /** With or without opening one that ended again, on the target it had, after an interval. */
        public Group(boolean reopening) {
            this.reopening = reopening;
        }

        /** Wanted so far, not counting those opened again. */
        public int asked() {
            return asked;
        }

        /** Answered and not ended. */
        public int open() {
            return open;
        }

        /** Answered for the first time, those opened again included. */
        public int opened() {
            return opened;
        }

        public int exchanges() {
            return exchanges;
        }

        /** Ended before their first answer. */
        public Failures refusals() {
            return refusals;
        }

        /** Ended after it. */
        public Failures breaks() {
            return breaks;
        }

        /** Of those that broke. */
        public Lifetimes lifetimes() {
            return lifetimes;
        }
    }

    /** Opens some more, a few at a time, in turn. */
    public void open(Group group, Endpoint target, int count) {
        group.asked += count;
        for (int i = 0; i < count; i++) {
            toOpen.add(new Client(group, target));
        }
    }

    /** Closes those of the group that have had an answer; they are not broken. For groups that are not opened again. */
    public void closeAnswered(Group group) {
        for (Client client : due) {
            if (client.group == group && client.answered) {
                client.leave();
            }
        }
    }

    @Override
    public void onTurn(long nowNs) {
        while (opening < openingMax && !toOpen.isEmpty()) {
            toOpen.remove().connect(nowNs);
        }
        for (Client client = due.peek(); client != null && client.dueNs - nowNs <= 0; client = due.peek()) {
            due.remove();
            client.onDue(nowNs);
        }
    }

    @Override
    public void end() {
        due.forEach(client -> client.connection.reset());
        due.clear();
        toOpen.clear();
    }

    private final class Client implements ClientListener {
        private final Group group;
        private final Endpoint target;
        private final ClientConnection connection = new ClientConnection(loop, ResponseSizes.SMALL, 0, request);
        private long openedNs;
        private long askedNs;
        private long dueNs;
        private boolean answered;

        Client(Group group, Endpoint target) {
            this.group = group;
            this.target = target;
            connection.attend(this);
        }

        void connect(long nowNs) {
            opening++;
            int result = connection.connect(target);
            if (result < 0) {
                fail("connect: " + Errno.describe(-result));
            } else {
                ask(nowNs);
            }
            waitFrom(nowNs);
        }

        void onDue(long nowNs) {
            if (connection.isOpen() && connection.outstanding() == 0) {
                ask(nowNs);
            } else if (connection.isOpen() && nowNs - askedNs >= patienceNs) {
                fail("no answer in " + patienceNs / 1_000_000_000L + " s");
            }
            if (connection.isOpen()) {
                waitFrom(nowNs);
            } else if (group.reopening) {
                toOpen.add(this);
            }
        }

        private void ask(long nowNs) {
            askedNs = nowNs;
            connection.request(nowNs);
        }

        private void waitFrom(long nowNs) {
            dueNs = nowNs + intervalNs;
            due.add(this);
        }

        void leave() {
            connection.close();
            group.open--;
            answered = false;
        }

        @Override
        public void onResponse(ClientConnection which, long intendedNs, int bytes) {
            if (!answered) {
                answered = true;
                openedNs = System.nanoTime();
                opening--;
                group.opened++;
                group.open++;
            }
            group.exchanges++;
        }

        @Override
        public void onFailure(ClientConnection which, String reason, int lost) {
            fail(reason);
        }

        private void fail(String reason) {
            connection.close();
            if (answered) {
                group.open--;
                group.breaks.add(reason);
                group.lifetimes.add(openedNs, System.nanoTime());
            } else {
                opening--;
                group.refusals.add(reason);
            }
            answered = false;
        }
    }
}
