package io.penstock.forwarder.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.balance.HashInput;
import io.penstock.forwarder.table.Admission.Hold;
import io.penstock.net.FlowHash;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {
    private static final HashInput SOURCE = new HashInput(true, 32, 64);

    private final ConnectionGate service = new ConnectionGate();
    private final ConnectionGate process = new ConnectionGate();
    private final TokenBucket bucket = new TokenBucket(0);

    @Test
    void shouldHoldBackByWhateverHasNoRoomAndTakeNothing() {
        Admission admission = new Admission(
                ClientList.EVERYBODY,
                null,
                new RateLimit(bucket, new TokenRate(100, 4)),
                new ConnectionLimit(service, 3),
                new ConnectionLimit(process, 2));

        assertEquals(Hold.NONE, admission.tryEnter(0));
        assertEquals(Hold.NONE, admission.tryEnter(0));
        for (int i = 0; i < 10; i++) {
            assertEquals(Hold.PROCESS_FULL, admission.tryEnter(0));
        }
        assertEquals(2, service.open(), "nothing is left behind by those that had no room");
        process.leave();
        assertEquals(Hold.NONE, admission.tryEnter(0));
        process.leave();
        assertEquals(Hold.SERVICE_FULL, admission.tryEnter(0), "the fourth token was put back each time");
        service.leave();
        assertEquals(Hold.NONE, admission.tryEnter(0));
        assertEquals(Hold.RATE, admission.tryEnter(99));
        assertEquals(1, admission.waitNs(99));
        assertTrue(admission.hasRoom() == (service.open() < 3 && process.open() < 2));
    }

    /** They are there already, and count against those that come. */
    @Test
    void shouldTakeClientsOfAnotherProcessWhateverTheLimits() {
        Admission admission = new Admission(
                ClientList.EVERYBODY,
                new SourceLimits(new SourceTable(64, 0), new FlowHash(1, 2), SOURCE, 1, null),
                new RateLimit(bucket, new TokenRate(100, 1)),
                new ConnectionLimit(service, 1),
                new ConnectionLimit(process, 2));
        IpAddress client = IpAddress.parse("192.0.2.1").orElseThrow();
        int first = admission.adopt(client.high(), client.low(), 0);
        int second = admission.adopt(client.high(), client.low(), 0);
        assertEquals(first, second);
        assertTrue(first >= 0);
        assertEquals(2, service.open());
        assertEquals(2, process.open());
        assertEquals(Hold.SERVICE_FULL, admission.tryEnter(0), "and the token was there");
        admission.leave(first);
        admission.leave(second);
        assertEquals(Hold.NONE, admission.tryEnter(0));
        assertTrue(admit(admission, "192.0.2.1") >= 0);
        assertEquals(SourceTable.UNTRACKED, Admission.OPEN.adopt(client.high(), client.low(), 0));
    }

    @Test
    void shouldLeaveAsIfNobodyHadComeWhenARefusedClientGivesBack() {
        Admission admission = new Admission(
                ClientList.EVERYBODY,
                new SourceLimits(new SourceTable(64, 0), new FlowHash(1, 2), SOURCE, 1, null),
                new RateLimit(bucket, new TokenRate(100, 2)),
                new ConnectionLimit(service, 5),
                null);
        assertEquals(Hold.NONE, admission.tryEnter(0));
        int source = admit(admission, "192.0.2.1");
        assertTrue(source >= 0);
        for (int i = 0; i < 10; i++) {
            assertEquals(Hold.NONE, admission.tryEnter(0));
            assertEquals(SourceTable.TOO_MANY, admit(admission, "192.0.2.1"));
            admission.giveBack();
        }
        assertEquals(1, service.open());
        admission.leave(source);
        assertEquals(0, service.open());
        assertTrue(admit(admission, "192.0.2.1") >= 0);
    }

    @Test
    void shouldCountAnIpv6PrefixAsOneSource() {
        Admission admission = new Admission(
                ClientList.EVERYBODY,
                new SourceLimits(new SourceTable(64, 0), new FlowHash(1, 2), SOURCE, 1, null),
                null,
                null,
                null);
        assertTrue(admit(admission, "2001:db8::1") >= 0);
        assertEquals(SourceTable.TOO_MANY, admit(admission, "2001:db8::ffff:1"));
        assertTrue(admit(admission, "2001:db8:0:1::1") >= 0);
        assertTrue(admit(admission, "192.0.2.1") >= 0);
        assertTrue(admit(admission, "192.0.2.2") >= 0);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, true",
        "10.1.0.1, false",
        "10.1.2.1, true",
        "10.9.0.1, false",
        "192.0.2.1, false",
        "2001:db8::1, true",
        "2001:db9::1, false"
    })
    void shouldLetTheLongestPrefixDecideAndDenyWhatIsEqual(String address, boolean allowed) {
        ClientList list = ClientList.of(
                prefixes("10.0.0.0/8", "10.1.2.0/24", "10.9.0.0/16", "2001:db8::/32"),
                prefixes("10.1.0.0/16", "10.9.0.0/16"),
                false);
        IpAddress client = IpAddress.parse(address).orElseThrow();
        assertEquals(allowed, list.allows(client.high(), client.low()));
        assertEquals(
                allowed ? SourceTable.UNTRACKED : Admission.DENIED,
                admit(new Admission(list, null, null, null, null), address));
    }

    @Test
    void shouldLetOthersInWhenThereIsNothingButDenials() {
        ClientList list = ClientList.of(List.of(), prefixes("10.0.0.0/8"), true);
        IpAddress client = IpAddress.parse("192.0.2.1").orElseThrow();
        assertTrue(list.allows(client.high(), client.low()));
        client = IpAddress.parse("10.0.2.1").orElseThrow();
        assertFalse(list.allows(client.high(), client.low()));
    }

    private static List<IpPrefix> prefixes(String... texts) {
        return Stream.of(texts).map(text -> IpPrefix.parse(text).orElseThrow()).toList();
    }

    private static int admit(Admission admission, String address) {
        IpAddress client = IpAddress.parse(address).orElseThrow();
        return admission.admit(client.high(), client.low(), 0);
    }
}
