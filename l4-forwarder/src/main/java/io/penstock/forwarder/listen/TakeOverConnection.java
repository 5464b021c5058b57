package io.penstock.forwarder.listen;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.penstock.forwarder.udp.HandedSession;
import io.penstock.linux.DescriptorMessage;
import io.penstock.linux.Errno;
import io.penstock.linux.Syscalls;
import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One end of a hand-over. The newer process says {@link Word#HELLO} and gets the sockets and then the
 * {@link Word#OVERRIDES}, each in as many messages as it takes; when it accepts it says {@link Word#READY}, and hears the
 * overrides as they are by then, gets the older one's UDP sessions, if there are any, and hears {@link Word#DONE} once that
 * one has let go of all that both cannot have. The older one may say {@link Word#REFUSED} instead of anything. Whoever closes
 * before DONE leaves everything as it was. NOT thread safe; a receive waits for a bounded time.
 *
 * <pre>
 * | magic 8 | version 4 | word 4 | in all 4 | here 4 | text |   octets, little-endian
 * </pre>
 *
 * What is counted is sockets, octets of text for overrides, which are UTF-8, and sessions, of which the text is what {@link
 * SessionCodec} makes. The newer process answers each message of {@link Word#SESSIONS} with {@link Word#TAKEN} and how many
 * of them it goes on with, in all, before the next one is sent: what is on its way counts against a limit of the user's
 * (unix(7), ETOOMANYREFS).
 */
final class TakeOverConnection implements AutoCloseable {
    /** What the two say to each other, in which order the class comment has. */
    enum Word {
        HELLO(0),
        SOCKETS(1),
        READY(2),
        DONE(3),
        REFUSED(4),
        OVERRIDES(5),
        SESSIONS(6),
        TAKEN(7);

        private final int code;

        Word(int code) {
            this.code = code;
        }
    }

    static final int VERSION = 1;

    /** Of one process: descriptors are 24 bits of an event's token at most, and limits are far lower. */
    static final int MAX_SOCKETS = 1 << 20;

    /** A change of the operator's takes less than 500 octets. */
    static final int MAX_TEXT = 1 << 24;

    /** Of text in one message; the kernel's buffers hold 200 KiB by default. */
    static final int MAX_TEXT_HERE = 1 << 15;

    private static final long MAGIC = 0x6b636f74736e6550L; // Penstock
    private static final int VERSION_OFFSET = 8;
    private static final int WORD_OFFSET = 12;
    private static final int TOTAL_OFFSET = 16;
    private static final int COUNT_OFFSET = 20;
    private static final int LENGTH = 24;

    private final Syscalls syscalls;
    private final int fd;
    private final DescriptorMessage message;

    /** @param fd connected, with a timeout; closed by {@link #close} */
    TakeOverConnection(Syscalls syscalls, int fd) {
        this.syscalls = syscalls;
        this.fd = fd;
        message = new DescriptorMessage(syscalls, LENGTH + MAX_TEXT_HERE);
    }

    void say(Word word) throws TakeOverException {
        send(word, 0, 0, 0, List.of());
    }

    /** In messages of as many as the kernel allows; at least one. */
    void sendSockets(List<Integer> fds) throws TakeOverException {
        int sent = 0;
        do {
            int end = Math.min(fds.size(), sent + DescriptorMessage.MAX_DESCRIPTORS);
            send(Word.SOCKETS, fds.size(), end - sent, 0, fds.subList(sent, end));
            sent = end;
        } while (sent < fds.size());
    }

    /** The operator's changes; at least one octet. */
    void sendOverrides(String text) throws TakeOverException {
        byte[] octets = text.getBytes(UTF_8);
        if (octets.length > MAX_TEXT) {
            throw new TakeOverException("the operator's changes are too many: " + octets.length + " octets");
        }
        for (int sent = 0, here; sent < octets.length; sent += here) {
            here = Math.min(octets.length - sent, MAX_TEXT_HERE);
            message.content().putBytes(LENGTH, octets, sent, here);
            send(Word.OVERRIDES, octets.length, here, here, List.of());
        }
    }

    /** All of them, as fast as the other one takes them; how many it goes on with. */
    int sendSessions(List<HandedSession> sessions) throws TakeOverException {
        int taken = 0;
        for (int sent = 0, here; sent < sessions.size(); sent += here) {
            List<HandedSession> rest = sessions.subList(sent, sessions.size());
            List<Integer> fds = new ArrayList<>();
            int end = putSessions(rest, fds);
            here = fds.size();
            if (here == 0) {
                throw new TakeOverException(
                        "a session's names are too long: " + rest.get(0).backend());
            }
            send(Word.SESSIONS, sessions.size(), here, end - LENGTH, fds);
            Received answer = receiveWithoutSockets(Word.TAKEN);
            answer.require(answer.total >= 0 && answer.total <= here && answer.here == 0 && answer.textLength == 0);
            taken += answer.total;
        }
        return taken;
    }

    /** As many as one message holds; where its text ends. */
    private int putSessions(List<HandedSession> sessions, List<Integer> fds) {
        int end = LENGTH;
        for (HandedSession session : sessions) {
            int next = SessionCodec.put(message.content(), end, LENGTH + MAX_TEXT_HERE, session);
            if (next == SessionCodec.NO_ROOM || fds.size() == DescriptorMessage.MAX_DESCRIPTORS) {
                break;
            }
            end = next;
            fds.add(session.fd());
        }
        return end;
    }

    /** Answers what {@link #receiveSessions} gave. */
    void sayTaken(int sessions) throws TakeOverException {
        send(Word.TAKEN, sessions, 0, 0, List.of());
    }

    private void send(Word word, int total, int here, int textLength, List<Integer> fds) throws TakeOverException {
        message.content().putLong(0, MAGIC, ByteOrder.LITTLE_ENDIAN);
        message.content().putInt(VERSION_OFFSET, VERSION, ByteOrder.LITTLE_ENDIAN);
        message.content().putInt(WORD_OFFSET, word.code, ByteOrder.LITTLE_ENDIAN);
        message.content().putInt(TOTAL_OFFSET, total, ByteOrder.LITTLE_ENDIAN);
        message.content().putInt(COUNT_OFFSET, here, ByteOrder.LITTLE_ENDIAN);
        long result = message.send(fd, LENGTH + textLength, fds);
        if (result == -Errno.EPIPE || result == -Errno.ECONNRESET) {
            throw TakeOverException.gone();
        }
        if (result < 0) {
            throw new TakeOverException("cannot send: " + Errno.describe((int) -result));
        }
    }

    /** All of them, the caller's to close. */
    List<Integer> receiveSockets() throws TakeOverException {
        List<Integer> fds = new ArrayList<>();
        try {
            int total;
            do {
                Received received = receive(fds, Word.SOCKETS);
                total = received.total;
                received.require(total <= MAX_SOCKETS && fds.size() <= total && received.brings(received.sockets, 0));
            } while (fds.size() < total);
            return fds;
        } catch (TakeOverException e) {
            fds.forEach(syscalls::close);
            throw e;
        }
    }

    /** What {@link #sendOverrides} was given. */
    String receiveOverrides() throws TakeOverException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int total;
        do {
            Received received = receiveWithoutSockets(Word.OVERRIDES);
            total = received.total;
            received.require(total > 0
                    && total <= MAX_TEXT
                    && received.textLength <= total - text.size()
                    && received.brings(received.textLength, received.textLength));
            byte[] octets = new byte[received.textLength];
            message.content().getBytes(LENGTH, octets);
            text.writeBytes(octets);
        } while (text.size() < total);
        return text.toString(UTF_8);
    }

    /**
     * Sessions that came in one message.
     *
     * @param sessions those whose descriptor came too: where this process can have no more, it is the first ones
     * @param count of all
     */
    record Sessions(List<HandedSession> sessions, int count) {}

    /** The next sessions, whose descriptors are the caller's to close; empty when the other one is {@link Word#DONE}. */
    Optional<Sessions> receiveSessions() throws TakeOverException {
        List<Integer> fds = new ArrayList<>();
        try {
            Received received = receive(fds, Word.SESSIONS, Word.DONE);
            if (received.word == Word.DONE) {
                received.require(received.total == 0 && received.sockets == 0 && received.brings(0, 0));
                return Optional.empty();
            }
            received.require(received.here > 0 && received.here <= received.total && fds.size() <= received.here);
            return Optional.of(new Sessions(getSessions(received, fds), received.here));
        } catch (TakeOverException e) {
            fds.forEach(syscalls::close);
            throw e;
        }
    }

    private List<HandedSession> getSessions(Received received, List<Integer> fds) throws TakeOverException {
        List<HandedSession> sessions = new ArrayList<>();
        int end = LENGTH + received.textLength;
        int at = LENGTH;
        for (int i = 0; i < received.here; i++) {
            int length = SessionCodec.length(message.content(), at, end);
            if (i < fds.size()) {
                sessions.add(SessionCodec.get(message.content(), at, end, fds.get(i)));
            }
            at += length;
        }
        received.require(at == end);
        return sessions;
    }

    /** Waits for this word, which comes with nothing. */
    void await(Word word) throws TakeOverException {
        Received received = receiveWithoutSockets(word);
        received.require(received.total == 0 && received.brings(0, 0));
    }

    private Received receiveWithoutSockets(Word word) throws TakeOverException {
        List<Integer> fds = new ArrayList<>();
        try {
            Received received = receive(fds, word);
            received.require(received.sockets == 0);
            return received;
        } finally {
            fds.forEach(syscalls::close);
        }
    }

    /** One message, as its header says and as it came. */
    private record Received(Word word, int total, int here, int sockets, int textLength) {
        /** Each message of several brings something. */
        boolean brings(int count, int octets) {
            return here == count && textLength == octets && (here > 0 || total == 0);
        }

        void require(boolean fits) throws TakeOverException {
            if (!fits) {
                throw unexpected(word);
            }
        }
    }

    private static TakeOverException unexpected(Word word) {
        return new TakeOverException("not what was to come: expected " + word);
    }

    /** One of these words; adds what comes along to {@code fds}, whatever else is wrong. */
    private Received receive(List<Integer> fds, Word... words) throws TakeOverException {
        long length = message.receive(fd);
        if (length == -Errno.ECONNRESET) {
            throw TakeOverException.gone();
        }
        if (length < 0) {
            throw new TakeOverException(
                    length == -Errno.EAGAIN ? "no answer in time" : "cannot receive: " + Errno.describe((int) -length));
        }
        fds.addAll(message.descriptors());
        if (length == 0) {
            throw TakeOverException.gone();
        }
        int said = length < LENGTH ? -1 : message.content().getInt(WORD_OFFSET, ByteOrder.LITTLE_ENDIAN);
        if (!message.isWhole() && !(message.hasAllContent() && said == Word.SESSIONS.code)) {
            throw new TakeOverException(
                    "not every socket came through: too few descriptors left, or a message too long");
        }
        if (length < LENGTH || message.content().getLong(0, ByteOrder.LITTLE_ENDIAN) != MAGIC) {
            throw new TakeOverException("the other process is no forwarder");
        }
        int version = message.content().getInt(VERSION_OFFSET, ByteOrder.LITTLE_ENDIAN);
        if (version != VERSION) {
            throw new TakeOverException("the other process speaks version " + version + " and this one " + VERSION);
        }
        if (said == Word.REFUSED.code) {
            throw new TakeOverException("the running forwarder refuses; its log says why");
        }
        return new Received(
                wordSaid(said, words),
                message.content().getInt(TOTAL_OFFSET, ByteOrder.LITTLE_ENDIAN),
                message.content().getInt(COUNT_OFFSET, ByteOrder.LITTLE_ENDIAN),
                message.descriptors().size(),
                (int) length - LENGTH);
    }

    private static Word wordSaid(int code, Word... expected) throws TakeOverException {
        for (Word word : expected) {
            if (word.code == code) {
                return word;
            }
        }
        throw unexpected(expected[0]);
    }

    @Override
    public void close() {
        syscalls.close(fd);
    }
}
