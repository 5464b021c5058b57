package io.penstock.netlink;

import static io.penstock.linux.SocketConstants.AF_NETLINK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.NetlinkSockets;
import io.penstock.linux.NewNetwork;
import io.penstock.linux.OpenFds;
import io.penstock.linux.Syscalls;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import io.penstock.netlink.KernelEvent.AddressChanged;
import io.penstock.netlink.KernelEvent.AddressRemoved;
import io.penstock.netlink.KernelEvent.LinkChanged;
import io.penstock.netlink.KernelEvent.LinkRemoved;
import io.penstock.netlink.KernelEvent.Lost;
import io.penstock.netlink.KernelEvent.NextHopChanged;
import io.penstock.netlink.KernelEvent.NextHopRemoved;
import io.penstock.netlink.KernelEvent.RouteChanged;
import io.penstock.netlink.KernelEvent.RouteRemoved;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OpenFds.class)
@Timeout(60)
class SubscriptionTest {
    private static final int OURS = 210;
    private static final int LOOPBACK = 1;
    private static final int SMALL_BUFFER_BYTES = 4_096;

    private final Syscalls syscalls = new LinuxSyscalls();

    @Test
    void shouldHearOfAddressesOfBothFamilies() throws Throwable {
        NewNetwork.run(() -> {
            InterfaceAddress v4 = address(IpAddress.ofIpv4(0xc0000201), 32);
            InterfaceAddress v6 = address(IpAddress.parse("2001:db8::1").orElseThrow(), 128);
            try (Events events = new Events(Subscription.open(syscalls));
                    NetlinkSocket socket = NetlinkSocket.open(syscalls)) {
                for (InterfaceAddress address : List.of(v4, v6)) {
                    socket.request(Addresses.put(address));
                    events.await(event -> event instanceof AddressChanged put && same(put.address(), address));
                    socket.request(Addresses.remove(address));
                    events.await(event -> event instanceof AddressRemoved gone && same(gone.address(), address));
                }
            }
        });
    }

    @Test
    void shouldHearOfALinkThatComesLosesItsCarrierAndGoes() throws Throwable {
        NewNetwork.run(() -> {
            try (Events events = new Events(Subscription.open(syscalls))) {
                Ip.run("link", "add", "west", "type", "veth", "peer", "name", "east");
                Ip.run("link", "set", "west", "up");
                Ip.run("link", "set", "east", "up");
                events.await(event -> event instanceof LinkChanged link
                        && isWest(link.link())
                        && link.link().carrier());
                events.forget();
                Ip.run("link", "set", "east", "down");
                events.await(event -> event instanceof LinkChanged link
                        && isWest(link.link())
                        && !link.link().carrier());
                Ip.run("link", "del", "west");
                events.await(event -> event instanceof LinkRemoved link && isWest(link.link()));
            }
        });
    }

    /** A port that leaves its bridge is told by RTM_DELLINK too, though the link stays. */
    @Test
    void shouldNotTakeALinkThatLeavesItsBridgeForGone() throws Throwable {
        NewNetwork.run(() -> {
            Ip.run("link", "add", "bridge", "type", "bridge");
            Ip.run("link", "add", "west", "type", "veth", "peer", "name", "east");
            Ip.run("link", "set", "west", "master", "bridge");
            try (Events events = new Events(Subscription.open(syscalls))) {
                Ip.run("link", "set", "west", "nomaster");
                events.await(event -> event instanceof LinkChanged link && isWest(link.link()));
                Ip.run("link", "set", "west", "mtu", "1300");
                events.await(event ->
                        event instanceof LinkChanged link && link.link().mtu() == 1_300);

                assertFalse(events.now().stream().anyMatch(event -> event instanceof LinkRemoved));
            }
        });
    }

    @Test
    void shouldHearOfRoutesAndNextHops() throws Throwable {
        NewNetwork.run(() -> {
            IpPrefix v4 = IpPrefix.parse("198.51.100.0/24").orElseThrow();
            IpPrefix v6 = IpPrefix.parse("2001:db8:1::/64").orElseThrow();
            Ip.run("link", "add", "west", "type", "veth", "peer", "name", "east");
            Ip.run("link", "set", "west", "up");
            Ip.run("link", "set", "east", "up");
            Ip.run("address", "add", "192.0.2.1/24", "dev", "west");
            try (Events events = new Events(Subscription.open(syscalls))) {
                Ip.run("nexthop", "add", "id", "7", "via", "192.0.2.2", "dev", "west", "protocol", "210");
                Ip.run("route", "add", v4.toString(), "nhid", "7");
                Ip.run("-6", "route", "add", v6.toString(), "dev", "lo");
                Ip.run("-6", "route", "del", v6.toString(), "dev", "lo");
                Ip.run("route", "del", v4.toString());
                Ip.run("nexthop", "del", "id", "7");

                events.await(event -> event instanceof NextHopChanged put
                        && put.nextHop().id() == 7
                        && put.nextHop().protocol() == OURS);
                events.await(event -> event instanceof RouteChanged put
                        && put.route().destination().equals(v4)
                        && put.route().nextHopId() == 7);
                events.await(event -> event instanceof RouteChanged put
                        && put.route().destination().equals(v6));
                events.await(event -> event instanceof RouteRemoved gone
                        && gone.route().destination().equals(v6));
                events.await(event -> event instanceof RouteRemoved gone
                        && gone.route().destination().equals(v4));
                events.await(event ->
                        event instanceof NextHopRemoved gone && gone.nextHop().id() == 7);
            }
        });
    }

    @Test
    void shouldSayWhatIsLostWhenMoreHappensThanThereIsRoomForAndBeWholeAfterAList() throws Throwable {
        NewNetwork.run(() -> {
            try (Events events = new Events(Subscription.open(syscalls, SMALL_BUFFER_BYTES));
                    NetlinkSocket socket = NetlinkSocket.open(syscalls)) {
                Set<IpAddress> known = new TreeSet<>();
                List<Request> flood = new ArrayList<>();
                for (int i = 0; i < 1_000; i++) {
                    flood.add(Addresses.add(address(IpAddress.ofIpv4(0x0a000000 + i), 32)));
                }
                socket.batch(flood);

                for (KernelEvent event : events.now()) {
                    if (event instanceof AddressChanged put) {
                        known.add(put.address().address());
                    }
                }
                assertTrue(events.now().contains(new Lost()));
                assertTrue(known.size() < 1_000, "room for " + known.size());

                Addresses.list(socket).forEach(address -> known.add(address.address()));
                known.remove(IpAddress.ofIpv4(0x7f000001));
                known.removeIf(address -> !address.isIpv4());
                assertEquals(1_000, known.size());

                // And it goes on hearing.
                InterfaceAddress late = address(IpAddress.ofIpv4(0xc0000201), 32);
                events.forget();
                socket.request(Addresses.add(late));
                events.await(event -> event instanceof AddressChanged put && same(put.address(), late));
                assertFalse(events.now().contains(new Lost()));
            }
        });
    }

    @Test
    void shouldNotBelieveWhatIsNotTheKernels() throws Throwable {
        NewNetwork.run(() -> {
            InterfaceAddress forged = address(IpAddress.ofIpv4(0xc0000263), 32);
            InterfaceAddress real = address(IpAddress.ofIpv4(0xc0000201), 32);
            try (Subscription subscription = Subscription.open(syscalls);
                    NetlinkSocket socket = NetlinkSocket.open(syscalls)) {
                forge(subscription.fd(), Addresses.add(forged));
                socket.request(Addresses.add(real));
                List<IpAddress> heard = new ArrayList<>();
                subscription.drain(event -> {
                    if (event instanceof AddressChanged put) {
                        heard.add(put.address().address());
                    }
                });

                assertEquals(List.of(real.address()), heard);
            }
        });
    }

    /** Sends it to the socket, from another one of this process. */
    private void forge(int fd, Request request) {
        UnsafeBuffer name = new UnsafeBuffer(BufferUtil.allocateDirectAligned(16, Long.BYTES));
        name.putInt(12, 12, ByteOrder.nativeOrder());
        assertEquals(0, syscalls.getsockname(fd, name.addressOffset(), name.addressOffset() + 12));
        assertEquals(AF_NETLINK, name.getShort(0, ByteOrder.nativeOrder()));
        MessageWriter writer = new MessageWriter(Request.MAX_BYTES);
        request.encode(writer, 1);
        int sender = new NetlinkSockets(syscalls).open(0);
        assertEquals(0, syscalls.connect(sender, name.addressOffset(), 12));
        assertEquals(writer.lengthBytes(), syscalls.send(sender, writer.address(), writer.lengthBytes(), 0));
        assertEquals(0, syscalls.close(sender));
    }

    private static boolean isWest(Link link) {
        return link.name().equals("west");
    }

    /** Apart from the flag that the kernel sets by itself. */
    private static boolean same(InterfaceAddress one, InterfaceAddress other) {
        return one.address().equals(other.address()) && one.protocol() == OURS && one.linkIndex() == other.linkIndex();
    }

    private static InterfaceAddress address(IpAddress address, int bits) {
        return new InterfaceAddress(
                LOOPBACK, address, bits, InterfaceAddress.IFA_F_NODAD, 0, OURS, InterfaceAddress.FOREVER);
    }
}
