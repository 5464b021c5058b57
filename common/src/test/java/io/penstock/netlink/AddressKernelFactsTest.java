package io.penstock.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.Errno;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.NewNetwork;
import io.penstock.linux.OpenFds;
import io.penstock.linux.Syscalls;
import io.penstock.net.IpAddress;
import io.penstock.netlink.KernelEvent.AddressRemoved;
import java.util.List;
import java.util.Optional;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the kernel does with addresses that have a lifetime, and a lease on a VIP relies on. */
@ExtendWith(OpenFds.class)
@Timeout(60)
class AddressKernelFactsTest {
    private static final int OURS = 210;
    private static final int LOOPBACK = 1;
    private static final long LEASE_SECONDS = 100;
    private static final int FLAGS = 6;

    private final Syscalls syscalls = new LinuxSyscalls();

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "2001:db8::1"})
    void theKernelRemovesAnAddressByItselfWhenItsLifetimeEndsAndSaysSo(String vip) throws Throwable {
        NewNetwork.run(() -> {
            InterfaceAddress address = address(vip, OURS, 1);
            try (Events events = new Events(Subscription.open(syscalls));
                    NetlinkSocket socket = NetlinkSocket.open(syscalls)) {
                socket.request(Addresses.put(address));

                KernelEvent gone = events.await(event -> event instanceof AddressRemoved);

                assertEquals(
                        address.address(), ((AddressRemoved) gone).address().address());
                assertEquals(Optional.empty(), find(socket, address));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "2001:db8::1"})
    void puttingAgainBeginsTheLifetimeAnew(String vip) throws Throwable {
        NewNetwork.run(() -> {
            try (NetlinkSocket socket = NetlinkSocket.open(syscalls)) {
                socket.request(Addresses.put(address(vip, OURS, LEASE_SECONDS)));
                socket.request(Addresses.put(address(vip, OURS, 10 * LEASE_SECONDS)));

                long left = find(socket, address(vip, OURS, 0)).orElseThrow().validSeconds();

                assertTrue(left > LEASE_SECONDS && left <= 10 * LEASE_SECONDS, "left: " + left);
            }
        });
    }

    /** There is no request that refreshes only: whoever refreshes too late adds. */
    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "2001:db8::1"})
    void replacingAnAddressThatIsGoneAddsItEvenWithoutCreate(String vip) throws Throwable {
        NewNetwork.run(() -> {
            InterfaceAddress address = address(vip, OURS, LEASE_SECONDS);
            Request refresh = new Request("refresh " + vip, (writer, sequence) -> {
                Addresses.put(address).encode(writer, sequence);
                clearCreate(writer);
            });
            try (NetlinkSocket socket = NetlinkSocket.open(syscalls)) {
                socket.request(refresh);

                assertTrue(find(socket, address).isPresent());
            }
        });
    }

    @Test
    void removingAnAddressDoesNotAskWhoseItIs() throws Throwable {
        NewNetwork.run(() -> {
            InterfaceAddress theirs = address("192.0.2.1", 0, InterfaceAddress.FOREVER);
            try (NetlinkSocket socket = NetlinkSocket.open(syscalls)) {
                socket.request(Addresses.add(theirs));
                socket.request(Addresses.remove(address("192.0.2.1", OURS, LEASE_SECONDS)));

                assertEquals(Optional.empty(), find(socket, theirs));
            }
        });
    }

    @Test
    void aLifetimeOfNothingIsRefused() throws Throwable {
        NewNetwork.run(() -> {
            try (NetlinkSocket socket = NetlinkSocket.open(syscalls)) {
                for (String vip : List.of("192.0.2.1", "2001:db8::1")) {
                    NetlinkException refusal = assertThrows(
                            NetlinkException.class, () -> socket.request(Addresses.put(address(vip, OURS, 0))));

                    assertEquals(Errno.EINVAL, refusal.errno(), refusal.getMessage());
                }
            }
        });
    }

    private static Optional<InterfaceAddress> find(NetlinkSocket socket, InterfaceAddress wanted) throws Exception {
        return Addresses.list(socket).stream()
                .filter(address -> address.address().equals(wanted.address()))
                .findFirst();
    }

    /** Of the only message. */
    private static void clearCreate(MessageWriter writer) {
        UnsafeBuffer message = new UnsafeBuffer(writer.address(), MessageWriter.HEADER_BYTES);
        message.putShort(FLAGS, (short) (message.getShort(FLAGS) & ~Rtnetlink.NLM_F_CREATE));
    }

    private static InterfaceAddress address(String vip, int protocol, long validSeconds) {
        IpAddress address = IpAddress.parse(vip).orElseThrow();
        int bits = address.isIpv4() ? 32 : 128;
        int flags = address.isIpv4() ? 0 : InterfaceAddress.IFA_F_NODAD;
        return new InterfaceAddress(LOOPBACK, address, bits, flags, 0, protocol, validSeconds);
    }
}
