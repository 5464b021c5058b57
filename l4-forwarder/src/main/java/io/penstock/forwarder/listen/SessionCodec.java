package io.penstock.forwarder.listen;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.udp.HandedSession;
import io.penstock.forwarder.udp.HandedSession.Addresses;
import io.penstock.forwarder.udp.HandedSession.Progress;
import io.penstock.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A session in the octets of a message between two processes; its descriptor travels beside it.
 *
 * <pre>
 * | length 2 | stage 1 | flags 1 | listener 4 |
 * | client 16 | client's port 2 | local port 2 | client's scope 4 | local address 16 |
 * | backend 16 | backend's port 2 | 0 2 | 0 4 |
 * | replies due 8 | age 8 | idle 8 | octets to backend 8 | octets to client 8 |
 * | length 2 | pool | length 2 | backend's id |
 * | datagrams to backend 8 | datagrams to client 8 |                                    octets, little-endian
 * </pre>
 *
 * The first length is that of the whole. What a later version puts behind is passed over, and what an earlier one ends before
 * is 0.
 */
final class SessionCodec {
    /** Nothing was written, for want of room. */
    static final int NO_ROOM = -1;

    private static final int STAGE = 2;
    private static final int FLAGS = 3;
    private static final int LISTENER = 4;
    private static final int CLIENT = 8;
    private static final int CLIENT_PORT = 24;
    private static final int LOCAL_PORT = 26;
    private static final int CLIENT_SCOPE = 28;
    private static final int LOCAL = 32;
    private static final int BACKEND = 48;
    private static final int BACKEND_PORT = 64;
    private static final int REPLIES_DUE = 72;
    private static final int AGE = 80;
    private static final int IDLE = 88;
    private static final int TO_BACKEND = 96;
    private static final int TO_CLIENT = 104;
    private static final int NAMES = 112;
    private static final int COUNTS_LENGTH = 2 * Long.BYTES;

    private static final int PER_PACKET = 1;
    private static final int MAX_UNSIGNED_SHORT = 0xffff;

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private SessionCodec() {}

    /** Where the next one goes, or {@link #NO_ROOM} when this one would not end before {@code end}. */
    static int put(MutableDirectBuffer buffer, int at, int end, HandedSession session) {
        byte[] pool = session.backend().pool().getBytes(UTF_8);
        byte[] id = session.backend().id().getBytes(UTF_8);
        int length = NAMES + 2 * Short.BYTES + pool.length + id.length + COUNTS_LENGTH;
        if (length > end - at || length > MAX_UNSIGNED_SHORT) {
            return NO_ROOM;
        }
        buffer.setMemory(at, NAMES, (byte) 0);
        putShort(buffer, at, length);
        buffer.putInt(at + LISTENER, session.listener(), ORDER);
        putAddresses(buffer, at, session.addresses());
        putAddress(
                buffer,
                at + BACKEND,
                session.backend().address().high(),
                session.backend().address().low());
        putShort(buffer, at + BACKEND_PORT, session.backend().port());
        putProgress(buffer, at, session.progress());
        int countsAt = putName(buffer, putName(buffer, at + NAMES, pool), id);
        buffer.putLong(countsAt, session.progress().datagramsToBackend(), ORDER);
        buffer.putLong(countsAt + Long.BYTES, session.progress().datagramsToClient(), ORDER);
        return at + length;
    }

    private static void putAddresses(MutableDirectBuffer buffer, int at, Addresses addresses) {
        putAddress(buffer, at + CLIENT, addresses.clientHigh(), addresses.clientLow());
        putShort(buffer, at + CLIENT_PORT, addresses.clientPort());
        putShort(buffer, at + LOCAL_PORT, addresses.localPort());
        buffer.putInt(at + CLIENT_SCOPE, addresses.clientScope(), ORDER);
        putAddress(buffer, at + LOCAL, addresses.localHigh(), addresses.localLow());
    }

    private static void putProgress(MutableDirectBuffer buffer, int at, Progress progress) {
        buffer.putByte(at + STAGE, (byte) progress.stage());
        buffer.putByte(at + FLAGS, (byte) (progress.perPacket() ? PER_PACKET : 0));
        buffer.putLong(at + REPLIES_DUE, progress.repliesDue(), ORDER);
        buffer.putLong(at + AGE, progress.ageNs(), ORDER);
        buffer.putLong(at + IDLE, progress.idleNs(), ORDER);
        buffer.putLong(at + TO_BACKEND, progress.bytesToBackend(), ORDER);
        buffer.putLong(at + TO_CLIENT, progress.bytesToClient(), ORDER);
    }

    private static void putAddress(MutableDirectBuffer buffer, int at, long high, long low) {
        buffer.putLong(at, high, ORDER);
        buffer.putLong(at + Long.BYTES, low, ORDER);
    }

    private static void putShort(MutableDirectBuffer buffer, int at, int value) {
        buffer.putShort(at, (short) value, ORDER);
    }

    private static int putName(MutableDirectBuffer buffer, int at, byte[] name) {
        putShort(buffer, at, name.length);
        buffer.putBytes(at + Short.BYTES, name);
        return at + Short.BYTES + name.length;
    }

    /**
     * How long the one that begins here is.
     *
     * @throws TakeOverException when there is none that is whole
     */
    static int length(DirectBuffer buffer, int at, int end) throws TakeOverException {
        int length = end - at < Short.BYTES ? 0 : unsignedShort(buffer, at);
        require(length >= NAMES + 2 * Short.BYTES && length <= end - at);
        return length;
    }

    /**
     * The one that begins here.
     *
     * @param end of all of them
     * @throws TakeOverException when there is none, or one that cannot be
     */
    static HandedSession get(DirectBuffer buffer, int at, int end, int fd) throws TakeOverException {
        int ownEnd = at + length(buffer, at, end);
        int listener = buffer.getInt(at + LISTENER, ORDER);
        require(listener >= 0);
        int idAt = endOfName(buffer, at + NAMES, ownEnd);
        int idEnd = endOfName(buffer, idAt, ownEnd);
        Progress progress = progress(buffer, at, idEnd, ownEnd - idEnd >= COUNTS_LENGTH);
        IpAddress address =
                new IpAddress(buffer.getLong(at + BACKEND, ORDER), buffer.getLong(at + BACKEND + Long.BYTES, ORDER));
        Backend.Key backend = new Backend.Key(
                name(buffer, at + NAMES, idAt),
                name(buffer, idAt, idEnd),
                address,
                unsignedShort(buffer, at + BACKEND_PORT));
        return new HandedSession(listener, fd, addresses(buffer, at), backend, progress);
    }

    private static Addresses addresses(DirectBuffer buffer, int at) {
        return new Addresses(
                buffer.getLong(at + CLIENT, ORDER),
                buffer.getLong(at + CLIENT + Long.BYTES, ORDER),
                unsignedShort(buffer, at + CLIENT_PORT),
                buffer.getInt(at + CLIENT_SCOPE, ORDER),
                buffer.getLong(at + LOCAL, ORDER),
                buffer.getLong(at + LOCAL + Long.BYTES, ORDER),
                unsignedShort(buffer, at + LOCAL_PORT));
    }

    private static Progress progress(DirectBuffer buffer, int at, int countsAt, boolean hasCounts)
            throws TakeOverException {
        Progress progress = new Progress(
                buffer.getByte(at + STAGE),
                (buffer.getByte(at + FLAGS) & PER_PACKET) != 0,
                buffer.getLong(at + REPLIES_DUE, ORDER),
                buffer.getLong(at + AGE, ORDER),
                buffer.getLong(at + IDLE, ORDER),
                buffer.getLong(at + TO_BACKEND, ORDER),
                buffer.getLong(at + TO_CLIENT, ORDER),
                hasCounts ? buffer.getLong(countsAt, ORDER) : 0,
                hasCounts ? buffer.getLong(countsAt + Long.BYTES, ORDER) : 0);
        require(progress.stage() >= 0 && progress.stage() <= Progress.MAX_STAGE);
        require(progress.idleNs() >= 0 && progress.ageNs() >= progress.idleNs());
        require(progress.bytesToBackend() >= 0 && progress.bytesToClient() >= 0);
        require(progress.datagramsToBackend() >= 0 && progress.datagramsToClient() >= 0);
        return progress;
    }

    private static int endOfName(DirectBuffer buffer, int at, int end) throws TakeOverException {
        require(end - at >= Short.BYTES);
        int nameEnd = at + Short.BYTES + unsignedShort(buffer, at);
        require(nameEnd <= end);
        return nameEnd;
    }

    private static String name(DirectBuffer buffer, int at, int end) throws TakeOverException {
        byte[] octets = new byte[end - at - Short.BYTES];
        buffer.getBytes(at + Short.BYTES, octets);
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
        } catch (CharacterCodingException e) {
            throw unexpected();
        }
    }

    private static int unsignedShort(DirectBuffer buffer, int at) {
        return Short.toUnsignedInt(buffer.getShort(at, ORDER));
    }

    private static void require(boolean fits) throws TakeOverException {
        if (!fits) {
            throw unexpected();
        }
    }

    private static TakeOverException unexpected() {
        return new TakeOverException("not what was to come: expected a session");
    }
}
