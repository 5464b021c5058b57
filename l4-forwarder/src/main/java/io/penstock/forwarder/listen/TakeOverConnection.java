package io.penstock.forwarder.listen;

import io.penstock.linux.DescriptorMessage;
import io.penstock.linux.Errno;
import io.penstock.linux.Syscalls;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * One end of a hand-over. The newer process says {@link Word#HELLO} and gets the sockets, in as many messages as their number
 * takes; when it accepts from them it says {@link Word#READY}, and hears {@link Word#DONE} once the older one has let go of
 * all that both cannot have. The older one may say {@link Word#REFUSED} instead of anything. Whoever closes before READY
 * leaves everything as it was. NOT thread safe; a receive waits for a bounded time.
 *
 * <pre>
 * | magic 8 | version 4 | word 4 | sockets in all 4 | sockets here 4 |   octets, little-endian
 * </pre>
 */
final class TakeOverConnection implements AutoCloseable {
    /** What the two say to each other, in this order but for the last. */
    enum Word {
        HELLO(0),
        SOCKETS(1),
        READY(2),
        DONE(3),
        REFUSED(4);

        private final int code;

        Word(int code) {
            this.code = code;
        }
    }

    static final int VERSION = 1;

    /** Of one process: descriptors are 24 bits of an event's token at most, and limits are far lower. */
    static final int MAX_SOCKETS = 1 << 20;

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
        message = new DescriptorMessage(syscalls, LENGTH);
    }

    void say(Word word) throws TakeOverException {
        send(word, 0, List.of());
    }

    /** In messages of as many as the kernel allows; at least one. */
    void sendSockets(List<Integer> fds) throws TakeOverException {
        int sent = 0;
        do {
            int end = Math.min(fds.size(), sent + DescriptorMessage.MAX_DESCRIPTORS);
            send(Word.SOCKETS, fds.size(), fds.subList(sent, end));
            sent = end;
        } while (sent < fds.size());
    }

    private void send(Word word, int total, List<Integer> fds) throws TakeOverException {
        message.content().putLong(0, MAGIC, ByteOrder.LITTLE_ENDIAN);
        message.content().putInt(VERSION_OFFSET, VERSION, ByteOrder.LITTLE_ENDIAN);
        message.content().putInt(WORD_OFFSET, word.code, ByteOrder.LITTLE_ENDIAN);
        message.content().putInt(TOTAL_OFFSET, total, ByteOrder.LITTLE_ENDIAN);
        message.content().putInt(COUNT_OFFSET, fds.size(), ByteOrder.LITTLE_ENDIAN);
        long result = message.send(fd, LENGTH, fds);
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
                total = receive(Word.SOCKETS, fds);
            } while (fds.size() < total);
            return fds;
        } catch (TakeOverException e) {
            fds.forEach(syscalls::close);
            throw e;
        }
    }

    /** Waits for this word, which comes without sockets. */
    void await(Word word) throws TakeOverException {
        List<Integer> fds = new ArrayList<>();
        try {
            receive(word, fds);
        } finally {
            fds.forEach(syscalls::close);
        }
    }

    /** Adds what comes along to {@code fds}, whatever else is wrong; how many sockets there are in all. */
    private int receive(Word word, List<Integer> fds) throws TakeOverException {
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
        if (!message.isWhole()) {
            throw new TakeOverException(
                    "not every socket came through: too few descriptors left, or a message too long");
        }
        if (length != LENGTH || message.content().getLong(0, ByteOrder.LITTLE_ENDIAN) != MAGIC) {
            throw new TakeOverException("the other process is no forwarder");
        }
        int version = message.content().getInt(VERSION_OFFSET, ByteOrder.LITTLE_ENDIAN);
        if (version != VERSION) {
            throw new TakeOverException("the other process speaks version " + version + " and this one " + VERSION);
        }
        int said = message.content().getInt(WORD_OFFSET, ByteOrder.LITTLE_ENDIAN);
        if (said == Word.REFUSED.code) {
            throw new TakeOverException("the running forwarder refuses; its log says why");
        }
        int total = message.content().getInt(TOTAL_OFFSET, ByteOrder.LITTLE_ENDIAN);
        int here = message.content().getInt(COUNT_OFFSET, ByteOrder.LITTLE_ENDIAN);
        boolean fits = total >= 0
                && total <= MAX_SOCKETS
                && here == message.descriptors().size()
                && fds.size() <= total
                && (here > 0 || total == 0);
        if (said != word.code || !fits) {
            throw new TakeOverException("not what was to come: expected " + word);
        }
        return total;
    }

    @Override
    public void close() {
        syscalls.close(fd);
    }
}
