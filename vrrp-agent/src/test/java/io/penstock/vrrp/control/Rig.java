package io.penstock.vrrp.control;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.RefusedException;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.Syscalls;
import io.penstock.net.IpAddress;
import io.penstock.netlink.KernelEvent.AddressChanged;
import io.penstock.netlink.KernelEvent.LinkChanged;
import io.penstock.vrrp.config.VrrpConfig;
import io.penstock.vrrp.event.VrrpEvent;
import io.penstock.vrrp.operate.RouterCounter;
import io.penstock.vrrp.operate.RouterStatus;
import io.penstock.vrrp.protocol.Advertisement;
import io.penstock.vrrp.protocol.AdvertisementCodec;
import io.penstock.vrrp.protocol.ChecksumForm;
import io.penstock.vrrp.protocol.State;
import io.penstock.vrrp.protocol.Version;
import io.penstock.vrrp.wire.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.agrona.concurrent.UnsafeBuffer;

/** The agent's thread, turned by a test, at a time that the test sets: with a network and addresses that are lists. */
final class Rig implements AutoCloseable {
    static final IpAddress OWN = Samples.ip("192.0.2.1");
    static final IpAddress PEER = Samples.ip("192.0.2.2");

    /** Interface, address and VIPs, in the order in which it was done. */
    final List<String> log = new ArrayList<>();

    final List<VrrpEvent> events = new ArrayList<>();
    final Syscalls syscalls = new LinuxSyscalls();
    final FakeWire wire = new FakeWire(syscalls, log);
    final FakeKeeper keeper = new FakeKeeper(log);
    final FakeNews news = new FakeNews(syscalls);
    final Controller controller;
    private final ExecutorService orders = Executors.newSingleThreadExecutor();
    private long nowNs = Duration.ofHours(1).toNanos();
    private long freshNs = nowNs;

    Rig(VrrpConfig config) {
        controller = new Controller(config, syscalls, new Edges(wire, keeper, news), events::add, () -> freshNs);
        news.tell(
                new LinkChanged(FakeNews.link(2, "eth0", true, true)),
                new AddressChanged(FakeNews.address(2, OWN, 0, 0)));
    }

    /** Started, and backup. */
    static Rig started(VrrpConfig config) throws Exception {
        Rig rig = new Rig(config);
        rig.controller.begin();
        return rig;
    }

    /** All of them alone on the network for as long as it takes. */
    static Rig active(VrrpConfig config) throws Exception {
        Rig rig = started(config);
        rig.pass(Samples.INTERVAL.multipliedBy(4));
        config.routers().keySet().forEach(name -> assertTrue(rig.state(name) == State.ACTIVE, name));
        rig.log.clear();
        rig.events.clear();
        return rig;
    }

    /** A turn that does not wait. */
    void turn() {
        controller.turn(0);
    }

    /** The agent is awake all the time and on time. */
    void pass(Duration time) {
        long untilNs = nowNs + time.toNanos();
        while (controller.nextNs() <= untilNs) {
            nowNs = Math.max(nowNs, controller.nextNs());
            freshNs = nowNs;
            turn();
        }
        nowNs = untilNs;
        freshNs = nowNs;
        turn();
    }

    /** The agent stands still meanwhile; no turn follows yet. */
    void freeze(Duration time) {
        nowNs += time.toNanos();
        freshNs = nowNs;
    }

    void hear(int vrid, int priority) {
        hear(vrid, priority, PEER, Wire.group(true));
    }

    void hear(int vrid, int priority, IpAddress source, IpAddress destination) {
        deliver(encode(vrid, priority, source, destination), source, destination, 255);
    }

    void deliver(byte[] message, IpAddress source, IpAddress destination, int ttl) {
        String socket = source.isIpv4() ? "eth0/4" : "eth0/6";
        wire.sockets.get(socket).deliver(packet -> {
            packet.message.wrap(message);
            packet.lengthBytes = message.length;
            packet.source = source;
            packet.destination = destination;
            packet.ttl = ttl;
        });
    }

    static byte[] encode(int vrid, int priority, IpAddress source, IpAddress destination) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        IpAddress vip = Samples.ip(vrid == 51 ? "192.0.2.10" : "192.0.2." + vrid);
        int length = AdvertisementCodec.encode(
                new Advertisement(Version.V3, vrid, priority, Samples.INTERVAL, List.of(vip)),
                ChecksumForm.RFC5798,
                source,
                destination,
                Optional.empty(),
                buffer);
        byte[] message = new byte[length];
        buffer.getBytes(0, message);
        return message;
    }

    /** An order, given by another thread. */
    interface Order {
        void give() throws RefusedException;
    }

    /** Returns when it was carried out. */
    void order(Order order) throws Exception {
        CompletableFuture<Void> given = CompletableFuture.runAsync(
                () -> {
                    try {
                        order.give();
                    } catch (RefusedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                orders);
        while (!given.isDone()) {
            turn();
        }
        try {
            given.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IllegalStateException wrapped
                    && wrapped.getCause() instanceof RefusedException refused) {
                throw refused;
            }
            throw e;
        }
    }

    RouterStatus router(String name) {
        return controller.status().router(name).orElseThrow();
    }

    State state(String name) {
        return router(name).view().state();
    }

    String reason(String name) {
        return router(name).view().reason();
    }

    /** As of the last turn, also when nothing but it has changed. */
    long count(String name, RouterCounter counter) {
        freeze(Duration.ofMillis(1));
        pass(Duration.ofMillis(200));
        return router(name).counters().get(counter);
    }

    @Override
    public void close() {
        orders.shutdownNow();
        controller.close();
    }
}
