package io.penstock.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.Errno;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.NewNetwork;
import io.penstock.linux.OpenFds;
import io.penstock.linux.SocketConstants;
import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OpenFds.class)
@Timeout(60)
class NetlinkSocketTest {
    private static final int OURS = 210;
    private static final int LOOPBACK = 1;

    @Test
    void shouldSeeLoopbackWhenThereIsNothingElse() throws Throwable {
        NewNetwork.run(() -> {
            try (NetlinkSocket socket = NetlinkSocket.open(new LinuxSyscalls())) {
                Link loopback = Links.list(socket).get(0);

                assertEquals(LOOPBACK, loopback.index());
                assertEquals("lo", loopback.name());
                assertTrue(loopback.up() && loopback.carrier() && loopback.loopback());
                assertEquals(65_536, loopback.mtu());
            }
        });
    }

    @Test
    void shouldListWhatItAdded() throws Throwable {
        NewNetwork.run(() -> {
            InterfaceAddress vip = vip(1);
            try (NetlinkSocket socket = NetlinkSocket.open(new LinuxSyscalls())) {
                socket.request(Addresses.add(vip));

                assertEquals(List.of(vip), ours(socket));
                socket.request(Addresses.remove(vip));
                assertEquals(List.of(), ours(socket));
            }
        });
    }

    @Test
    void shouldSayWhatWasRefusedAndWhy() throws Throwable {
        NewNetwork.run(() -> {
            try (NetlinkSocket socket = NetlinkSocket.open(new LinuxSyscalls())) {
                socket.request(Addresses.add(vip(1)));

                NetlinkException refusal =
                        assertThrows(NetlinkException.class, () -> socket.request(Addresses.add(vip(1))));

                assertEquals(Errno.EEXIST, refusal.errno());
                assertTrue(refusal.getMessage().startsWith("add 192.0.2.1/32 to link 1: "), refusal.getMessage());
                assertTrue(refusal.getMessage().endsWith("(EEXIST))"), refusal.getMessage());
            }
        });
    }

    @Test
    void shouldNameTheAttributeThatTheKernelRefuses() throws Throwable {
        int flagsAttribute = 8;
        Request tooShort = new Request("add what is cut short", (writer, sequence) -> writer.begin(
                        Rtnetlink.RTM_NEWADDR, Rtnetlink.NLM_F_REQUEST | Rtnetlink.NLM_F_ACK, sequence)
                .u8(SocketConstants.AF_INET)
                .zero(7)
                .attribute8(flagsAttribute, 1)
                .finish());
        NewNetwork.run(() -> {
            try (NetlinkSocket socket = NetlinkSocket.open(new LinuxSyscalls())) {
                // The second of two, so that the attribute is looked for where this one begins.
                String words = socket.batch(List.of(Addresses.add(vip(1)), tooShort))
                        .get(1)
                        .orElseThrow()
                        .getMessage();

                assertTrue(words.startsWith("add what is cut short: "), words);
                assertTrue(words.contains(", attribute 8 ("), words);
            }
        });
    }

    @Test
    void shouldMatchRefusalsToRequestsWhenABatchIsLongerThanOneSend() throws Throwable {
        NewNetwork.run(() -> {
            List<Request> requests = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                // Every tenth is there already.
                requests.add(Addresses.add(vip(i % 10 == 9 ? i - 1 : i)));
            }
            try (NetlinkSocket socket = NetlinkSocket.open(new LinuxSyscalls())) {
                List<Optional<NetlinkException>> results = socket.batch(requests);

                assertEquals(requests.size(), results.size());
                for (int i = 0; i < results.size(); i++) {
                    assertEquals(i % 10 == 9, results.get(i).isPresent(), "request " + i);
                }
                assertEquals(900, ours(socket).size());
            }
        });
    }

    @Test
    void shouldHearEveryRefusalWhenTheReceiveBufferIsOfTheUsualSize() throws Throwable {
        Interposed kernel = new Interposed().refuseOptions(SocketConstants.SO_RCVBUFFORCE, SocketConstants.SO_RCVBUF);
        List<Request> requests = Collections.nCopies(1_000, Addresses.remove(vip(1)));
        NewNetwork.run(() -> {
            try (NetlinkSocket socket = NetlinkSocket.open(kernel.syscalls())) {
                List<Optional<NetlinkException>> results = socket.batch(requests);

                assertEquals(1_000, results.stream().flatMap(Optional::stream).count());
                assertTrue(kernel.sends() <= 1_000 / 100, kernel.sends() + " sends");
            }
        });
    }

    private static List<InterfaceAddress> ours(NetlinkSocket socket) throws Exception {
        List<InterfaceAddress> ours = new ArrayList<>(Addresses.list(socket));
        ours.removeIf(address -> address.protocol() != OURS);
        return ours;
    }

    /** With the flag that the kernel sets by itself. */
    private static InterfaceAddress vip(int number) {
        IpAddress address = IpAddress.ofIpv4(0xc0000200 + number);
        return new InterfaceAddress(
                LOOPBACK, address, 32, InterfaceAddress.IFA_F_PERMANENT, 0, OURS, InterfaceAddress.FOREVER);
    }
}
