package io.penstock.netlink;

import io.penstock.linux.Errno;
import io.penstock.linux.NetlinkSockets;
import io.penstock.linux.Syscalls;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Requests to the kernel's routing of this network namespace, each of them waited for. A request that the kernel does not answer ends
 * after {@link #ANSWER_SECONDS}. NOT thread safe; whoever opened it closes it.
 */
public final class NetlinkSocket implements AutoCloseable {
    /** The kernel answers a request before the send returns; a dump holds a lock that others may hold for long. */
    static final int ANSWER_SECONDS = 10;

    /** An answer takes about 1 KiB of the receive buffer, with its words: so many fit into the smallest usual one. */
    static final int BATCH_MAX = 128;

    /** A list that changes while it is read is read again; so often, then whoever changes it has won. */
    static final int DUMP_ATTEMPTS = 10;

    private static final int RECEIVE_BUFFER_BYTES = 1 << 20;
    private static final int SEND_BYTES = 64 * 1024;
    /** The kernel fills up to 32 KiB of what it is offered (NLMSG_GOODSIZE and netlink_dump); one message may take more. */
    private static final int RECEIVE_BYTES = 64 * 1024;

    private static final int MAX_RECEIVE_BYTES = 16 << 20;

    private final NetlinkSockets sockets;
    private final int fd;
    private final MessageWriter writer = new MessageWriter(SEND_BYTES);
    private final int[] offsets = new int[BATCH_MAX];
    private final MessageReader reader = new MessageReader();
    private UnsafeBuffer received = buffer(RECEIVE_BYTES);
    private int sequence;

    private NetlinkSocket(NetlinkSockets sockets, int fd) {
        this.sockets = sockets;
        this.fd = fd;
    }

    /** In the network namespace of this thread. */
    public static NetlinkSocket open(Syscalls syscalls) throws IOException {
        NetlinkSockets sockets = new NetlinkSockets(syscalls);
        int fd = sockets.open(0);
        if (fd < 0) {
            throw new IOException("open a netlink socket: " + Errno.describe(-fd));
        }
        // Without it a slow answer is waited for, and fewer fit.
        sockets.receiveBuffer(fd, RECEIVE_BUFFER_BYTES);
        int result = sockets.receiveTimeout(fd, ANSWER_SECONDS);
        if (result < 0) {
            sockets.close(fd);
            throw new IOException("limit the wait for netlink answers: " + Errno.describe(-result));
        }
        return new NetlinkSocket(sockets, fd);
    }

    /**
     * Asks for one change, and waits for it.
     *
     * @throws NetlinkException when the kernel refuses
     * @throws IOException when there is no answer: it may have happened or not
     */
    public void request(Request request) throws IOException {
        Optional<NetlinkException> refusal = batch(List.of(request)).get(0);
        if (refusal.isPresent()) {
            throw refusal.get();
        }
    }

    /**
     * Asks for many changes, with few system calls. The kernel makes them in this order, and one that it refuses does not keep it from
     * the next.
     *
     * @return of each request, the refusal
     * @throws IOException when there is no answer: some may have happened
     */
    public List<Optional<NetlinkException>> batch(List<Request> requests) throws IOException {
        List<Optional<NetlinkException>> results = new ArrayList<>(Collections.nCopies(requests.size(), null));
        int done = 0;
        while (done < requests.size()) {
            int first = sequence + 1;
            int count = encode(requests, done);
            send(requests.get(done));
            collect(requests, done, count, first, results);
            done += count;
        }
        return results;
    }

    /**
     * Reads a whole list. One that changed while it was read, or that did not fit, is read again.
     *
     * @throws NetlinkException when the kernel refuses
     * @throws IOException when it does not answer, or the list does not hold still
     */
    <T> List<T> dump(Request request, RecordParser<T> parser) throws IOException {
        List<T> records = new ArrayList<>();
        for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
            records.clear();
            writer.clear();
            request.encode(writer, ++sequence);
            send(request);
            if (readDump(request, parser, records)) {
                return records;
            }
        }
        throw new IOException(request + ": changes faster than it can be read, " + DUMP_ATTEMPTS + " times");
    }

    @Override
    public void close() {
        sockets.close(fd);
    }

    private int encode(List<Request> requests, int from) {
        writer.clear();
        int count = 0;
        while (from + count < requests.size() && count < BATCH_MAX && writer.remainingBytes() >= Request.MAX_BYTES) {
            offsets[count] = writer.lengthBytes();
            requests.get(from + count).encode(writer, ++sequence);
            count++;
        }
        return count;
    }

    private void send(Request request) throws IOException {
        long result = sockets.send(fd, writer.address(), writer.lengthBytes());
        if (result < 0) {
            throw new IOException(request + ": send to the kernel: " + Errno.describe((int) -result));
        }
    }

    private void collect(
            List<Request> requests, int from, int count, int first, List<Optional<NetlinkException>> results)
            throws IOException {
        int missing = count;
        while (missing > 0) {
            receive(requests.get(from));
            while (reader.next()) {
                int index = reader.sequence() - first;
                boolean ours = reader.type() == Rtnetlink.NLMSG_ERROR && index >= 0 && index < count;
                if (ours && results.get(from + index) == null) {
                    Request request = requests.get(from + index);
                    results.set(from + index, Acknowledgement.read(reader, request, writer.buffer(), offsets[index]));
                    missing--;
                }
            }
        }
    }

    /** Until its end, so that nothing of it is left for the next; false when it must be read again. */
    private <T> boolean readDump(Request request, RecordParser<T> parser, List<T> records) throws IOException {
        boolean whole = true;
        while (true) {
            whole &= receive(request);
            while (reader.next()) {
                if (reader.sequence() != sequence) {
                    continue;
                }
                whole &= (reader.flags() & Rtnetlink.NLM_F_DUMP_INTR) == 0;
                switch (reader.type()) {
                    case Rtnetlink.NLMSG_ERROR, Rtnetlink.NLMSG_DONE -> {
                        Optional<NetlinkException> refusal = Acknowledgement.read(reader, request, writer.buffer(), 0);
                        if (refusal.isPresent()) {
                            throw refusal.get();
                        }
                        return whole;
                    }
                    case Rtnetlink.NLMSG_NOOP, Rtnetlink.NLMSG_OVERRUN -> {
                        // Nothing is in them.
                    }
                    default ->
                        parser.parse(reader.buffer(), reader.body(), reader.end())
                                .ifPresent(records::add);
                }
            }
        }
    }

    /** Waits for the kernel's next answer; false when it was cut short: then there is room for the next of its size. */
    private boolean receive(Request request) throws IOException {
        while (true) {
            long length = sockets.receive(fd, received.addressOffset(), received.capacity());
            if (length == -Errno.EAGAIN) {
                throw new IOException(request + ": no answer of the kernel within " + ANSWER_SECONDS + " s");
            }
            if (length < 0) {
                throw new IOException(request + ": receive from the kernel: " + Errno.describe((int) -length));
            }
            if (!sockets.fromKernel()) {
                continue;
            }
            if (length <= received.capacity()) {
                reader.wrap(received, (int) length);
                return true;
            }
            if (length > MAX_RECEIVE_BYTES) {
                throw new IOException(request + ": an answer of " + length + " octets");
            }
            reader.wrap(received, 0);
            received = buffer((int) length);
            return false;
        }
    }

    private static UnsafeBuffer buffer(int sizeBytes) {
        return new UnsafeBuffer(
                BufferUtil.allocateDirectAligned(sizeBytes, Long.BYTES).order(ByteOrder.nativeOrder()));
    }
}
