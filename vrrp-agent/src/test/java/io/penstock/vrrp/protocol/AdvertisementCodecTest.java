package io.penstock.vrrp.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.net.IpAddress;
import io.penstock.vrrp.protocol.Decoded.Invalid;
import io.penstock.vrrp.protocol.Decoded.Valid;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdvertisementCodecTest {
    @ParameterizedTest
    @FieldSource("io.penstock.vrrp.protocol.GoldenPacket#ALL")
    void shouldWriteWhatOthersWrite(GoldenPacket golden) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        buffer.setMemory(0, 64, (byte) 0xff);
        int length = AdvertisementCodec.encode(
                golden.advertisement(),
                golden.form(),
                golden.source(),
                golden.destination(),
                golden.password(),
                buffer);
        assertArrayEquals(golden.octets(), Arrays.copyOf(buffer.byteArray(), length));
    }

    @ParameterizedTest
    @FieldSource("io.penstock.vrrp.protocol.GoldenPacket#ALL")
    void shouldReadWhatOthersWrite(GoldenPacket golden) {
        assertEquals(new Valid(golden.advertisement(), golden.form()), golden.decode(golden.octets()));
    }

    @ParameterizedTest
    @FieldSource("io.penstock.vrrp.protocol.GoldenPacket#ALL")
    void shouldReadFromTheMiddleOfABuffer(GoldenPacket golden) {
        byte[] octets = golden.octets();
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[100]);
        buffer.setMemory(0, 100, (byte) 0x55);
        buffer.putBytes(21, octets);
        assertEquals(
                new Valid(golden.advertisement(), golden.form()),
                AdvertisementCodec.decode(
                        buffer, 21, octets.length, golden.source(), golden.destination(), 255, golden.rules()));
        assertEquals(golden.advertisement().vrid(), AdvertisementCodec.vrid(buffer, 21, octets.length));
    }

    @Test
    void shouldAcceptTheGroupInThePseudoHeaderOfUnicast() {
        byte[] octets = GoldenPacket.UNICAST.octets();
        octets[6] = (byte) 0xf1;
        octets[7] = (byte) 0xc4;
        assertEquals(
                new Valid(GoldenPacket.UNICAST.advertisement(), ChecksumForm.RFC5798),
                GoldenPacket.UNICAST.decode(octets));
    }

    @Test
    void shouldReadTheAuthenticationOnlyAsConfigured() {
        GoldenPacket golden = GoldenPacket.V2;
        assertEquals(new Invalid(Rejection.AUTHENTICATION), decode(golden, v2Rules(Optional.empty())));
        assertEquals(new Invalid(Rejection.AUTHENTICATION), decode(golden, v2Rules(Optional.of("secret1"))));
        assertEquals(
                new Valid(golden.advertisement(), golden.form()), decode(golden, v2Rules(Optional.of("secret12"))));
    }

    @Test
    void shouldIgnoreAuthenticationDataOfNoAuthentication() {
        UnsafeBuffer buffer = new UnsafeBuffer(GoldenPacket.V2.octets());
        buffer.putByte(4, (byte) 0);
        buffer.putByte(6, (byte) 0x4a); // one less of type adds one to the checksum
        assertEquals(
                new Valid(GoldenPacket.V2.advertisement(), GoldenPacket.V2.form()),
                AdvertisementCodec.decode(
                        buffer,
                        0,
                        buffer.capacity(),
                        GoldenPacket.V2.source(),
                        GoldenPacket.V2.destination(),
                        255,
                        v2Rules(Optional.empty())));
    }

    @Test
    void shouldPadAShortPasswordWithZeros() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[20]);
        AdvertisementCodec.encode(
                GoldenPacket.V2.advertisement(),
                ChecksumForm.RFC5798,
                GoldenPacket.V2.source(),
                GoldenPacket.V2.destination(),
                Optional.of("abc"),
                buffer);
        assertArrayEquals(new byte[] {'a', 'b', 'c', 0, 0, 0, 0, 0}, Arrays.copyOfRange(buffer.byteArray(), 12, 20));
    }

    @Test
    void shouldRejectAnotherIntervalInVersion2() {
        ReceiveRules rules =
                new ReceiveRules(Version.V2, 255, Optional.of(Duration.ofSeconds(2)), GoldenPacket.V2.password());
        assertEquals(new Invalid(Rejection.INTERVAL), decode(GoldenPacket.V2, rules));
    }

    @Test
    void shouldRejectVersion2OverIpv6() {
        GoldenPacket golden = GoldenPacket.V6;
        byte[] octets = golden.octets();
        octets[0] = 0x21;
        assertEquals(
                new Invalid(Rejection.VERSION),
                AdvertisementCodec.decode(
                        new UnsafeBuffer(octets),
                        0,
                        octets.length,
                        golden.source(),
                        golden.destination(),
                        255,
                        v2Rules(Optional.empty())));
    }

    @Test
    void shouldAllowAsManyHopsAsTheRulesDo() {
        ReceiveRules rules = new ReceiveRules(Version.V3, 250, Optional.empty(), Optional.empty());
        assertEquals(
                new Invalid(Rejection.TTL), GoldenPacket.UNICAST.decode(GoldenPacket.UNICAST.octets(), 249, rules));
        assertEquals(
                new Valid(GoldenPacket.UNICAST.advertisement(), ChecksumForm.RFC5798),
                GoldenPacket.UNICAST.decode(GoldenPacket.UNICAST.octets(), 250, rules));
    }

    @Test
    void shouldHaveNoVridWhenThereIsNone() {
        assertEquals(-1, AdvertisementCodec.vrid(new UnsafeBuffer(new byte[] {0x31}), 0, 1));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 40_960})
    void shouldRefuseToWriteAnIntervalThatDoesNotFit(long intervalMs) {
        Advertisement advertisement = advertisement(Version.V3, intervalMs, List.of(GoldenPacket.V3.source()));
        assertThrows(IllegalArgumentException.class, () -> encode(advertisement));
    }

    @ParameterizedTest
    @ValueSource(longs = {999, 256_000})
    void shouldRefuseToWriteSecondsThatDoNotFit(long intervalMs) {
        Advertisement advertisement = advertisement(Version.V2, intervalMs, List.of(GoldenPacket.V3.source()));
        assertThrows(IllegalArgumentException.class, () -> encode(advertisement));
    }

    @Test
    void shouldRefuseToWriteNoAddress() {
        assertThrows(IllegalArgumentException.class, () -> encode(advertisement(Version.V3, 100, List.of())));
    }

    @ParameterizedTest
    @ValueSource(longs = {10, 40_950})
    void shouldWriteAndReadTheEndsOfTheRange(long intervalMs) {
        Advertisement advertisement = advertisement(Version.V3, intervalMs, List.of(GoldenPacket.V3.source()));
        byte[] octets = encode(advertisement);
        assertEquals(new Valid(advertisement, ChecksumForm.RFC5798), GoldenPacket.V3.decode(octets));
    }

    private static Advertisement advertisement(Version version, long intervalMs, List<IpAddress> addresses) {
        return new Advertisement(version, 1, 100, Duration.ofMillis(intervalMs), addresses);
    }

    private static byte[] encode(Advertisement advertisement) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        int length = AdvertisementCodec.encode(
                advertisement,
                ChecksumForm.RFC5798,
                GoldenPacket.V3.source(),
                GoldenPacket.V3.destination(),
                Optional.empty(),
                buffer);
        return Arrays.copyOf(buffer.byteArray(), length);
    }

    private static ReceiveRules v2Rules(Optional<String> password) {
        return new ReceiveRules(Version.V2, 255, Optional.of(Duration.ofSeconds(1)), password);
    }

    private static Decoded decode(GoldenPacket golden, ReceiveRules rules) {
        return golden.decode(golden.octets(), ReceiveRules.LINK_TTL, rules);
    }
}
