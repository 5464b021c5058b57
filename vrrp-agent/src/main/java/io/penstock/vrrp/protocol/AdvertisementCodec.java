package io.penstock.vrrp.protocol;

import io.penstock.net.IpAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Advertisements as octets (RFC 9568 section 5.1, RFC 3768 section 5.1).
 *
 * <pre>
 * 0         1     2         3      4                    6         8
 * version 3 VRID  priority  count  0, interval in 1/100 s  checksum  count addresses
 * version 2 VRID  priority  count  auth type, interval in s checksum  count addresses, 8 octets of authentication data
 * </pre>
 *
 * <p>The family is that of the IP header, so of source and destination.
 */
public final class AdvertisementCodec {
    /** Where advertisements go unless there are peers (RFC 9568 section 5.1.1.2). */
    public static final IpAddress IPV4_GROUP = IpAddress.ofIpv4(0xe000_0012);

    /** ff02::12 (RFC 9568 section 5.1.2.2). */
    public static final IpAddress IPV6_GROUP = new IpAddress(0xff02_0000_0000_0000L, 0x12);

    private static final int VRID = 1;
    private static final int PRIORITY = 2;
    private static final int COUNT = 3;
    private static final int INTERVAL = 4;
    private static final int CHECKSUM = 6;
    private static final int ADDRESSES = 8;

    private static final int TYPE_ADVERTISEMENT = 1;
    private static final int MAX_COUNT = 255;
    private static final int MAX_CENTISECONDS = 0xfff;
    private static final int MAX_SECONDS = 0xff;
    private static final long CENTISECOND_NS = 10_000_000;
    private static final int AUTHENTICATION_BYTES = 8;
    private static final int NO_AUTHENTICATION = 0;
    private static final int PASSWORD = 1;

    private AdvertisementCodec() {}

    /**
     * Writes an advertisement at the begin of a buffer.
     *
     * @param form of the checksum, in version 3 over IPv4
     * @param password of version 2, at most eight octets
     * @return how many octets it has
     * @throws IllegalArgumentException when its interval or number of addresses cannot be written
     */
    public static int encode(
            Advertisement advertisement,
            ChecksumForm form,
            IpAddress source,
            IpAddress destination,
            Optional<String> password,
            MutableDirectBuffer to) {
        int count = inRange(advertisement.addresses().size(), MAX_COUNT, "addresses");
        to.putByte(0, (byte) (advertisement.version().number() << 4 | TYPE_ADVERTISEMENT));
        to.putByte(VRID, (byte) advertisement.vrid());
        to.putByte(PRIORITY, (byte) advertisement.priority());
        to.putByte(COUNT, (byte) count);
        to.putShort(INTERVAL, (short) intervalField(advertisement, password), ByteOrder.BIG_ENDIAN);
        to.putShort(CHECKSUM, (short) 0);
        int length = ADDRESSES;
        for (IpAddress address : advertisement.addresses()) {
            length += putAddress(to, length, address, source.isIpv4());
        }
        if (advertisement.version() == Version.V2) {
            to.putBytes(length, authentication(password));
            length += AUTHENTICATION_BYTES;
        }
        long sum = InternetChecksum.sum(to, 0, length);
        if (hasPseudoHeader(advertisement.version(), source, form)) {
            sum += InternetChecksum.pseudoHeader(source, destination, length);
        }
        to.putShort(CHECKSUM, (short) InternetChecksum.checksum(sum), ByteOrder.BIG_ENDIAN);
        return length;
    }

    private static int intervalField(Advertisement advertisement, Optional<String> password) {
        if (advertisement.version() == Version.V3) {
            return inRange(
                    advertisement.interval().toNanos() / CENTISECOND_NS, MAX_CENTISECONDS, "hundredths of a second");
        }
        int type = password.isPresent() ? PASSWORD : NO_AUTHENTICATION;
        return type << 8 | inRange(advertisement.interval().toSeconds(), MAX_SECONDS, "seconds");
    }

    private static int inRange(long value, int max, String what) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException("an advertisement has 1 to " + max + " " + what + ", not " + value);
        }
        return (int) value;
    }

    private static int putAddress(MutableDirectBuffer to, int at, IpAddress address, boolean ipv4) {
        if (ipv4) {
            to.putInt(at, address.ipv4(), ByteOrder.BIG_ENDIAN);
            return Integer.BYTES;
        }
        to.putLong(at, address.high(), ByteOrder.BIG_ENDIAN);
        to.putLong(at + Long.BYTES, address.low(), ByteOrder.BIG_ENDIAN);
        return 2 * Long.BYTES;
    }

    private static boolean hasPseudoHeader(Version version, IpAddress source, ChecksumForm form) {
        return version == Version.V3 && (!source.isIpv4() || form == ChecksumForm.RFC5798);
    }

    /** Zeros behind the password, or all zeros (RFC 2338 section 5.3.10). */
    private static byte[] authentication(Optional<String> password) {
        byte[] octets = password.orElse("").getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(octets, AUTHENTICATION_BYTES);
    }

    /** The VRID of a packet that was not looked at yet; -1 when it is too short to have one. */
    public static int vrid(DirectBuffer packet, int offset, int length) {
        return length > VRID ? u8(packet, offset + VRID) : -1;
    }

    /**
     * Reads a packet, from behind its IP header.
     *
     * @param ttl or hop limit that it came with
     */
    public static Decoded decode(
            DirectBuffer packet,
            int offset,
            int length,
            IpAddress source,
            IpAddress destination,
            int ttl,
            ReceiveRules rules) {
        if (ttl < rules.minTtl()) {
            return invalid(Rejection.TTL);
        }
        if (length < ADDRESSES) {
            return invalid(Rejection.LENGTH);
        }
        boolean ipv4 = source.isIpv4();
        boolean v2 = rules.version() == Version.V2;
        int first = u8(packet, offset);
        if (first >>> 4 != rules.version().number() || (v2 && !ipv4)) {
            return invalid(Rejection.VERSION);
        }
        if ((first & 0xf) != TYPE_ADVERTISEMENT) {
            return invalid(Rejection.TYPE);
        }
        int count = u8(packet, offset + COUNT);
        if (length != ADDRESSES + count * addressBytes(ipv4) + (v2 ? AUTHENTICATION_BYTES : 0)) {
            return invalid(Rejection.LENGTH);
        }
        Optional<ChecksumForm> form = checksumForm(packet, offset, length, source, destination, rules.version());
        if (form.isEmpty()) {
            return invalid(Rejection.CHECKSUM);
        }
        if (v2 && !isAuthentic(packet, offset, length, rules.password())) {
            return invalid(Rejection.AUTHENTICATION);
        }
        Duration interval = interval(packet, offset, v2);
        if (interval.isZero() || !interval.equals(rules.requiredInterval().orElse(interval))) {
            return invalid(Rejection.INTERVAL);
        }
        List<IpAddress> addresses = addresses(packet, offset + ADDRESSES, count, ipv4);
        if (addresses.isEmpty() || (!ipv4 && !isLinkLocal(addresses.get(0)))) {
            return invalid(Rejection.ADDRESS);
        }
        int vrid = u8(packet, offset + VRID);
        int priority = u8(packet, offset + PRIORITY);
        return new Decoded.Valid(new Advertisement(rules.version(), vrid, priority, interval, addresses), form.get());
    }

    /**
     * The form in which the checksum is right. With a pseudo-header the destination is the real one (keepalived, also with unicast) or the
     * group (FRR, and keepalived after it has seen an old peer).
     */
    private static Optional<ChecksumForm> checksumForm(
            DirectBuffer packet, int offset, int length, IpAddress source, IpAddress destination, Version version) {
        long message = InternetChecksum.sum(packet, offset, length);
        boolean pseudoHeader = version == Version.V3;
        if (pseudoHeader
                && InternetChecksum.intact(message + InternetChecksum.pseudoHeader(source, destination, length))) {
            return Optional.of(ChecksumForm.RFC5798);
        }
        if (pseudoHeader && !source.isIpv4()) {
            return Optional.empty();
        }
        if (pseudoHeader
                && InternetChecksum.intact(message + InternetChecksum.pseudoHeader(source, IPV4_GROUP, length))) {
            return Optional.of(ChecksumForm.RFC5798);
        }
        return InternetChecksum.intact(message) ? Optional.of(ChecksumForm.RFC9568) : Optional.empty();
    }

    /** What stands behind "no authentication" is ignored (RFC 3768 section 5.3.6). */
    private static boolean isAuthentic(DirectBuffer packet, int offset, int length, Optional<String> password) {
        int type = u8(packet, offset + INTERVAL);
        if (password.isEmpty()) {
            return type == NO_AUTHENTICATION;
        }
        byte[] data = new byte[AUTHENTICATION_BYTES];
        packet.getBytes(offset + length - AUTHENTICATION_BYTES, data);
        return type == PASSWORD && Arrays.equals(data, authentication(password));
    }

    private static Duration interval(DirectBuffer packet, int offset, boolean v2) {
        int field = Short.toUnsignedInt(packet.getShort(offset + INTERVAL, ByteOrder.BIG_ENDIAN));
        return v2
                ? Duration.ofSeconds(field & MAX_SECONDS)
                : Duration.ofNanos((field & MAX_CENTISECONDS) * CENTISECOND_NS);
    }

    private static List<IpAddress> addresses(DirectBuffer packet, int offset, int count, boolean ipv4) {
        List<IpAddress> addresses = new ArrayList<>(count);
        for (int n = 0; n < count; n++) {
            int at = offset + n * addressBytes(ipv4);
            addresses.add(
                    ipv4
                            ? IpAddress.ofIpv4(packet.getInt(at, ByteOrder.BIG_ENDIAN))
                            : new IpAddress(
                                    packet.getLong(at, ByteOrder.BIG_ENDIAN),
                                    packet.getLong(at + Long.BYTES, ByteOrder.BIG_ENDIAN)));
        }
        return addresses;
    }

    private static int addressBytes(boolean ipv4) {
        return ipv4 ? Integer.BYTES : 2 * Long.BYTES;
    }

    /** Of fe80::/10. */
    private static boolean isLinkLocal(IpAddress address) {
        return address.high() >>> 54 == 0xfe80 >>> 6;
    }

    private static int u8(DirectBuffer packet, int at) {
        return packet.getByte(at) & 0xff;
    }

    private static Decoded invalid(Rejection rejection) {
        return new Decoded.Invalid(rejection);
    }
}
