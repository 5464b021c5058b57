package io.penstock.ecmp.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.config.EcmpConfigReader;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.KernelEvent;
import io.penstock.netlink.Link;
import io.penstock.netlink.NextHop;
import io.penstock.netlink.Route;
import io.penstock.netlink.Subscription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class SubscribedNewsTest {
    private static final int OURS = 210;
    private static final int BIRD = 12;
    private static final int FIRST_ID = EcmpConfig.DEFAULT_NEXT_HOP_IDS;
    private static final Link LINK = new Link(2, "eth0", true, true, false, 1_500, Optional.empty(), Optional.empty());

    @TempDir
    Path directory;

    private record Case(KernelEvent event, boolean news) {}

    @Test
    void shouldTellWhatMayConcernTheAgent() throws Exception {
        try (SubscribedNews news = news(config(""))) {
            cases().forEach(one -> assertEquals(one.news, news.isNews(one.event), one.event::toString));
        }
    }

    /** The agent's own stays what it was: these two need a restart. */
    @Test
    void shouldKeepProtocolAndIdsThatItWasStartedWith() throws Exception {
        try (SubscribedNews news = news(config(""))) {
            news.watch(config("protocol: 212\nnexthop-ids: 5\n"));
            cases().forEach(one -> assertEquals(one.news, news.isNews(one.event), one.event::toString));
            assertTrue(news.isNews(new KernelEvent.AddressChanged(address(212))));
        }
    }

    private static SubscribedNews news(EcmpConfig started) throws Exception {
        return new SubscribedNews(Subscription.open(new LinuxSyscalls()), started);
    }

    private EcmpConfig config(String others) throws Exception {
        return EcmpConfigReader.read(Files.writeString(
                directory.resolve("ecmp-agent.yaml"),
                others + "routes: { web: { prefix: 192.0.2.10/32, health: none, legs: [10.0.0.2] } }\n"));
    }

    private static Stream<Case> cases() {
        return Stream.of(
                new Case(new KernelEvent.LinkChanged(LINK), true),
                new Case(new KernelEvent.LinkRemoved(LINK), true),
                new Case(new KernelEvent.AddressChanged(address(OURS)), false),
                new Case(new KernelEvent.AddressRemoved(address(OURS)), true),
                new Case(new KernelEvent.AddressChanged(address(0)), true),
                new Case(new KernelEvent.RouteChanged(route("192.0.2.10/32", BIRD)), true),
                new Case(new KernelEvent.RouteRemoved(route("192.0.2.11/32", OURS)), true),
                new Case(new KernelEvent.RouteChanged(route("198.51.100.0/24", BIRD)), false),
                new Case(new KernelEvent.RouteRemoved(route("198.51.100.0/24", BIRD)), false),
                new Case(new KernelEvent.NextHopChanged(nextHop(5, BIRD)), false),
                new Case(new KernelEvent.NextHopRemoved(nextHop(5, OURS)), true),
                new Case(new KernelEvent.NextHopChanged(nextHop(FIRST_ID, BIRD)), true));
    }

    private static InterfaceAddress address(int protocol) {
        return new InterfaceAddress(1, IpAddress.parse("192.0.2.10").orElseThrow(), 32, 0, 0, protocol, 3);
    }

    private static Route route(String prefix, int protocol) {
        IpPrefix destination = IpPrefix.parse(prefix).orElseThrow();
        return new Route(destination, 254, protocol, 0, Route.Type.UNREACHABLE, 0, 0, List.of());
    }

    private static NextHop nextHop(int id, int protocol) {
        return new NextHop(id, protocol, new NextHop.Other());
    }
}
