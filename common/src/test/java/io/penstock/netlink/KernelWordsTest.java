package io.penstock.netlink;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.OpenFds;
import java.util.Set;
import java.util.TreeSet;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OpenFds.class)
@Timeout(60)
class KernelWordsTest {
    /** Or the fuzz begins with nothing that a parser gets far with. */
    @Test
    void shouldBeOfEveryKind() throws Throwable {
        Set<String> kinds = new TreeSet<>();
        for (byte[] datagram : KernelWords.ofANewNetwork()) {
            MessageReader reader = new MessageReader().wrap(new UnsafeBuffer(datagram), datagram.length);
            while (reader.next()) {
                kinds.add(kind(reader));
            }
        }
        Set<String> wanted = Set.of(
                "AddressChanged",
                "LinkChanged",
                "NextHopChanged",
                "RouteChanged",
                "neighbour",
                "bucket",
                "done",
                "refusal");
        assertTrue(kinds.containsAll(wanted), kinds.toString());
    }

    private static String kind(MessageReader reader) {
        int body = reader.body();
        int end = reader.end();
        return switch (reader.type()) {
            case Rtnetlink.RTM_NEWNEIGH ->
                Neighbours.parse(reader.buffer(), body, end)
                        .map(found -> "neighbour")
                        .orElse("");
            case Rtnetlink.RTM_NEWNEXTHOPBUCKET ->
                Buckets.parse(reader.buffer(), body, end).map(found -> "bucket").orElse("");
            case Rtnetlink.NLMSG_ERROR, Rtnetlink.NLMSG_DONE ->
                Acknowledgement.read(reader, new Request("ask", (writer, sequence) -> {}), reader.buffer(), 0)
                        .map(refusal -> "refusal")
                        .orElse("done");
            default ->
                Subscription.event(reader.type(), reader.buffer(), body, end)
                        .map(event -> event.getClass().getSimpleName())
                        .orElse("");
        };
    }
}
