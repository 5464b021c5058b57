package io.penstock.vrrp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.net.IpAddress;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Octet by octet; {@link WireKernelFactsTest} has them looked at by another host's kernel. */
class FramesTest {
    private static final long HARDWARE = 0x0200_0000_0007L;

    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[256]);

    private String hexadecimal(int length) {
        byte[] octets = new byte[length];
        frame.getBytes(0, octets);
        return HexFormat.of().formatHex(octets);
    }

    private static String words(String... parts) {
        return String.join("", parts).replace(" ", "");
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    private static UnsafeBuffer message(String hexadecimal) {
        return new UnsafeBuffer(HexFormat.of().parseHex(hexadecimal));
    }

    @Test
    void shouldAskEveryoneForItsOwnAddress() {
        frame.setMemory(0, frame.capacity(), (byte) 0xaa);
        assertEquals(
                words(
                        "ffffffffffff 020000000007 0806",
                        "0001 0800 06 04 0001",
                        "020000000007 c0000264 ffffffffffff c0000264"),
                hexadecimal(Frames.gratuitousArp(frame, HARDWARE, address("192.0.2.100"))));
    }

    /** The checksums are an independent sum of the same words. */
    @ParameterizedTest
    @CsvSource({"false, 20000000, f85e", "true, a0000000, 785e"})
    void shouldTellAllNodesWhereTheAddressIs(boolean forwarding, String flags, String checksum) {
        frame.setMemory(0, frame.capacity(), (byte) 0xaa);
        assertEquals(
                words(
                        "333300000001 020000000007 86dd",
                        "6c000000 0020 3a ff 20010db8000000000000000000000064 ff020000000000000000000000000001",
                        "88 00",
                        checksum,
                        flags,
                        "20010db8000000000000000000000064",
                        "02 01 020000000007"),
                hexadecimal(Frames.neighborAdvertisement(frame, HARDWARE, address("2001:db8::64"), forwarding)));
    }

    /** The message is what keepalived 2.2.7 sends. */
    @Test
    void shouldSendFromVirtualMacInIpv4() {
        frame.setMemory(0, frame.capacity(), (byte) 0xaa);
        UnsafeBuffer message = message(words("31349602000a115e c0000265 c0000266"));
        assertEquals(
                words(
                        "01005e000012 00005e000134 0800",
                        "45 c0 0024 0000 4000 ff 70 d895 c0000201 e0000012",
                        "31349602000a115e c0000265 c0000266"),
                hexadecimal(Frames.vrrp(frame, 0x34, address("192.0.2.1"), message, message.capacity())));
    }

    @Test
    void shouldSendFromVirtualMacInIpv6() {
        frame.setMemory(0, frame.capacity(), (byte) 0xaa);
        UnsafeBuffer message =
                message(words("3135c802000adcae fe800000000000000000000000000053 20010db8000000000000000000000053"));
        assertEquals(
                words(
                        "333300000012 00005e000235 86dd",
                        "6c000000 0028 70 ff fe80000000000000000000fffe000001 ff020000000000000000000000000012",
                        "3135c802000adcae fe800000000000000000000000000053 20010db8000000000000000000000053"),
                hexadecimal(Frames.vrrp(frame, 0x35, address("fe80::ff:fe00:1"), message, message.capacity())));
    }

    @Test
    void shouldReadHardwareAddressInEitherCase() {
        assertEquals(0x0200_abcd_ef07L, HardwareAddress.parse("02:00:ab:CD:ef:07"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "02:00:00:00:00",
                "02:00:00:00:00:0",
                "02-00-00-00-00-07",
                "02:00:00:00:00:0g",
                "02:00:00:00:00:07:08",
                "020:0:00:00:00:07",
                "02:00:00:00:00:+7"
            })
    void shouldRefuseWhatIsNoHardwareAddress(String text) {
        assertEquals(HardwareAddress.NONE, HardwareAddress.parse(text));
    }
}
