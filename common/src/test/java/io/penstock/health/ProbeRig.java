package io.penstock.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Probes loopback once at a time, and sees to it that each probe has exactly one result. */
final class ProbeRig implements AutoCloseable {
    static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1").orElseThrow();

    /** Long enough for a slow machine: a probe that is meant to succeed must not fail by it. */
    static final Duration LONG = Duration.ofSeconds(20);

    /** For probes that are meant to fail by it. */
    static final Duration SHORT = Duration.ofMillis(300);

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final Programs programs = new Programs("test-x");
    private final ProberFactory probers = new ProberFactory(loop, programs);
    private final Queue<Prober> made = new ConcurrentLinkedQueue<>();
    private final AtomicInteger probes = new AtomicInteger();
    private final AtomicInteger results = new AtomicInteger();

    static HealthCheck check(Probe probe, Duration timeout, HealthCheck.Origin origin) {
        Schedule schedule = new Schedule(timeout, timeout, timeout, 0, Schedule.Initial.UP);
        return new HealthCheck("check", probe, HealthCheck.TARGETS_PORT, schedule, origin, 2, 3, 1);
    }

    ProbeResult probe(Probe probe, int port) throws Exception {
        return probe(probe, port, LONG);
    }

    ProbeResult probe(Probe probe, int port, Duration timeout) throws Exception {
        return probe(probe, new Endpoint(LOOPBACK, port), timeout, HealthCheck.Origin.PLAIN);
    }

    ProbeResult probe(Probe probe, Endpoint target, Duration timeout, HealthCheck.Origin origin) throws Exception {
        return run(begin(probe, target, timeout, origin));
    }

    /** A prober that may be asked again and again. */
    Prober begin(Probe probe, Endpoint target, Duration timeout, HealthCheck.Origin origin) throws Exception {
        return begin(probe, ProbeTarget.of(target), timeout, origin);
    }

    Prober begin(Probe probe, ProbeTarget target, Duration timeout, HealthCheck.Origin origin) throws Exception {
        Prober prober = loop.submit(() -> probers.of(check(probe, timeout, origin), target))
                .get(10, TimeUnit.SECONDS);
        made.add(prober);
        return prober;
    }

    ProbeResult run(Prober prober) throws Exception {
        return start(prober).get(30, TimeUnit.SECONDS);
    }

    CompletableFuture<ProbeResult> start(Prober prober) {
        CompletableFuture<ProbeResult> result = new CompletableFuture<>();
        probes.incrementAndGet();
        loop.execute(() -> prober.start(found -> {
            results.incrementAndGet();
            result.complete(found);
        }));
        return result;
    }

    /** Ends a probe that is not to have a result. */
    void cancel(Prober prober) throws Exception {
        probes.decrementAndGet();
        loop.submit(prober::cancel).get(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        loop.submit(() -> made.forEach(Prober::cancel)).syncUninterruptibly();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        programs.close();
        assertEquals(probes.get(), results.get(), "one result for each probe");
    }
}
