package io.penstock.vrrp.protocol;

import io.penstock.net.IpAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.agrona.concurrent.UnsafeBuffer;

/** Captured from keepalived 2.2.7; the checksums in the other forms were computed from the same octets. */
record GoldenPacket(
        String name,
        IpAddress source,
        IpAddress destination,
        Advertisement advertisement,
        ChecksumForm form,
        Optional<String> password,
        String hex) {
    static final GoldenPacket V2 = new GoldenPacket(
            "version 2 with a password",
            address("192.0.2.1"),
            address("224.0.0.18"),
            advertisement(Version.V2, 0x33, 100, 1000, "192.0.2.100"),
            ChecksumForm.RFC9568,
            Optional.of("secret12"),
            "21336401010149e7c00002647365637265743132");

    static final GoldenPacket V3 = multicast("RFC 5798", ChecksumForm.RFC5798, "31349602000a115ec0000265c0000266");
    static final GoldenPacket V3_PLAIN =
            multicast("RFC 9568", ChecksumForm.RFC9568, "31349602000ab3f2c0000265c0000266");
    static final GoldenPacket UNICAST = unicast("RFC 5798", ChecksumForm.RFC5798, "31367801000a0fd5c0000268");
    static final GoldenPacket UNICAST_PLAIN = unicast("RFC 9568", ChecksumForm.RFC9568, "31367801000a9455c0000268");

    static final GoldenPacket V6 = new GoldenPacket(
            "IPv6",
            address("fe80::ff:fe00:1"),
            address("ff02::12"),
            advertisement(Version.V3, 0x35, 200, 100, "fe80::53", "2001:db8::53"),
            ChecksumForm.RFC5798,
            Optional.empty(),
            "3135c802000adcae" + "fe800000000000000000000000000053" + "20010db8000000000000000000000053");

    static final List<GoldenPacket> ALL = List.of(V2, V3, V3_PLAIN, UNICAST, UNICAST_PLAIN, V6);

    private static GoldenPacket multicast(String name, ChecksumForm form, String hex) {
        return new GoldenPacket(
                "multicast, " + name,
                address("192.0.2.1"),
                address("224.0.0.18"),
                advertisement(Version.V3, 0x34, 150, 100, "192.0.2.101", "192.0.2.102"),
                form,
                Optional.empty(),
                hex);
    }

    private static GoldenPacket unicast(String name, ChecksumForm form, String hex) {
        return new GoldenPacket(
                "unicast, " + name,
                address("192.0.2.1"),
                address("192.0.2.2"),
                advertisement(Version.V3, 0x36, 120, 100, "192.0.2.104"),
                form,
                Optional.empty(),
                hex);
    }

    private static Advertisement advertisement(
            Version version, int vrid, int priority, long intervalMs, String... addresses) {
        return new Advertisement(
                version,
                vrid,
                priority,
                Duration.ofMillis(intervalMs),
                Arrays.stream(addresses).map(GoldenPacket::address).toList());
    }

    static IpAddress address(String literal) {
        return IpAddress.parse(literal).orElseThrow();
    }

    byte[] octets() {
        return HexFormat.of().parseHex(hex);
    }

    ReceiveRules rules() {
        Optional<Duration> interval =
                advertisement.version() == Version.V2 ? Optional.of(advertisement.interval()) : Optional.empty();
        return new ReceiveRules(advertisement.version(), ReceiveRules.LINK_TTL, interval, password);
    }

    /** As if these octets had come in place of the packet. */
    Decoded decode(byte[] octets) {
        return decode(octets, ReceiveRules.LINK_TTL, rules());
    }

    Decoded decode(byte[] octets, int ttl, ReceiveRules rules) {
        return AdvertisementCodec.decode(new UnsafeBuffer(octets), 0, octets.length, source, destination, ttl, rules);
    }

    @Override
    public String toString() {
        return name;
    }
}
