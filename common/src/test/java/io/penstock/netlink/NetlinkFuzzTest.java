package io.penstock.netlink;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple3;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Real words of a kernel with something wrong, into every parser: none throws, none reads behind what was received (the buffer is
 * exactly as long, and checks), none goes on for ever.
 */
class NetlinkFuzzTest {
    private static final int HEADER_BYTES = MessageWriter.HEADER_BYTES;
    private static final Request ANY = new Request("ask", (writer, sequence) -> {});

    private static List<byte[]> words = List.of();

    @BeforeContainer
    static void record() throws Throwable {
        words = KernelWords.allThatMayBeHad();
    }

    @Property(tries = 20_000, shrinking = ShrinkingMode.OFF)
    void shouldHoldAgainstAnyWords(@ForAll("damaged") byte[] datagram) {
        UnsafeBuffer received = buffer(datagram);
        MessageReader reader = new MessageReader().wrap(received, datagram.length);
        int messages = 0;
        while (reader.next()) {
            messages++;
            Subscription.event(reader.type(), received, reader.body(), reader.end());
            refused(reader);
            parseAsAnything(received, reader.body(), reader.end());
        }
        assertTrue(messages <= datagram.length / HEADER_BYTES, "of " + datagram.length + " octets " + messages);
    }

    /** A header that says one thing before a body of another. */
    private static void parseAsAnything(UnsafeBuffer received, int body, int end) {
        Links.parse(received, body, end);
        Addresses.parse(received, body, end);
        Neighbours.parse(received, body, end);
        RouteParser.parse(received, body, end);
        NextHopParser.parse(received, body, end);
        Buckets.parse(received, body, end);
    }

    private static boolean refused(MessageReader reader) {
        return reader.type() <= Rtnetlink.NLMSG_OVERRUN
                && Acknowledgement.read(reader, ANY, reader.buffer(), 0).isPresent();
    }

    @Provide
    Arbitrary<byte[]> damaged() {
        Arbitrary<byte[]> whole = Arbitraries.of(words).filter(datagram -> datagram.length <= 4_096);
        Arbitrary<List<Tuple3<Integer, Integer, Integer>>> wounds = Combinators.combine(
                        Arbitraries.integers().between(0, 4_095),
                        Arbitraries.of(1, 2, 4),
                        Arbitraries.oneOf(
                                Arbitraries.of(0, 1, 3, 4, 5, 0x7fff, 0x8000, 0xffff, -1, Integer.MIN_VALUE),
                                Arbitraries.integers()))
                .as(Tuple::of)
                .list()
                .ofMaxSize(6);
        Arbitrary<Integer> cut =
                Arbitraries.oneOf(Arbitraries.just(0), Arbitraries.integers().between(0, 40));
        return Combinators.combine(whole, wounds, cut).as(NetlinkFuzzTest::damage);
    }

    private static byte[] damage(byte[] datagram, List<Tuple3<Integer, Integer, Integer>> wounds, int cut) {
        int length = Math.max(0, datagram.length - cut);
        byte[] damaged = Arrays.copyOf(datagram, length);
        UnsafeBuffer buffer = new UnsafeBuffer(damaged);
        for (Tuple3<Integer, Integer, Integer> wound : wounds) {
            // Lengths and types lie at multiples of 2.
            int at = length < Integer.BYTES ? 0 : wound.get1() % (length - 3) & ~1;
            switch (length < Integer.BYTES ? 0 : wound.get2()) {
                case 1 -> buffer.putByte(at, wound.get3().byteValue());
                case 2 -> buffer.putShort(at, wound.get3().shortValue(), ByteOrder.nativeOrder());
                case 4 -> buffer.putInt(at, wound.get3(), ByteOrder.nativeOrder());
                default -> {
                    // Too short for a wound.
                }
            }
        }
        return damaged;
    }

    private static UnsafeBuffer buffer(byte[] octets) {
        return new UnsafeBuffer(octets);
    }
}
