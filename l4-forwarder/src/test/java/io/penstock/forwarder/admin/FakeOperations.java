package io.penstock.forwarder.admin;

import io.penstock.forwarder.operate.ConnectionFilter;
import io.penstock.forwarder.operate.ConnectionView;
import io.penstock.forwarder.operate.DrainPlan;
import io.penstock.forwarder.operate.DrainStatus;
import io.penstock.forwarder.operate.DrainTarget;
import io.penstock.forwarder.operate.ForwarderStatus;
import io.penstock.forwarder.operate.ForwarderStatus.BackendStatus;
import io.penstock.forwarder.operate.ForwarderStatus.PoolStatus;
import io.penstock.forwarder.operate.ForwarderStatus.PortsLeft;
import io.penstock.forwarder.operate.ForwarderStatus.ServiceStatus;
import io.penstock.forwarder.operate.ForwarderStatus.SessionStatus;
import io.penstock.forwarder.operate.MemberTraffic;
import io.penstock.forwarder.operate.NewBackend;
import io.penstock.forwarder.operate.Operations;
import io.penstock.forwarder.operate.RefusedException;
import io.penstock.forwarder.operate.ReloadResult;
import io.penstock.forwarder.operate.ServiceTraffic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Notes what it is asked, and has one pool {@code web} with {@code web-1} and {@code web-2}. */
public final class FakeOperations implements Operations {
    public static final Instant STARTED = Instant.parse("2026-11-21T20:00:00Z");

    public final List<String> asked = new CopyOnWriteArrayList<>();
    public volatile String state = "running";
    public volatile ReloadResult reload = new ReloadResult(
            STARTED.plusSeconds(60),
            "api",
            true,
            List.of("pool web: backend web-2 added"),
            List.of(),
            List.of("workers"));

    @Override
    public ForwarderStatus status() {
        BackendStatus first = new BackendStatus(
                "web-1",
                "10.0.0.1:80",
                "up",
                "check",
                STARTED,
                1,
                3,
                1,
                List.of(new PortsLeft("10.0.0.8", 28_231), new PortsLeft("10.0.0.9", 28_230)),
                "file",
                Optional.of("weight 1, file 2"),
                SampleTraffic.backend());
        BackendStatus second = new BackendStatus(
                "web-2",
                "10.0.0.2:80",
                "draining",
                "operator",
                STARTED,
                1,
                0,
                0,
                List.of(),
                "operator",
                Optional.empty(),
                MemberTraffic.NONE);
        DrainTarget target = new DrainTarget.Backend("web", "web-2");
        return new ForwarderStatus(
                state,
                STARTED,
                Duration.ofMillis(90_061_500),
                "/etc/penstock/forwarder.yaml",
                2,
                7,
                3,
                new SessionStatus(12, 15_000),
                reload,
                4,
                1,
                List.of("pool web: backend web-1: weight 1, file 2"),
                List.of(
                        new ServiceStatus(
                                "web",
                                "tcp",
                                List.of("192.0.2.1:80"),
                                "web",
                                true,
                                3,
                                0,
                                1_000,
                                SampleTraffic.service()),
                        new ServiceStatus(
                                "dns", "udp", List.of("192.0.2.1:53"), "web", true, 0, 12, 500, ServiceTraffic.NONE)),
                List.of(new PoolStatus("web", "maglev", 5, List.of(first, second), SampleTraffic.pool())),
                List.of(underWay(target, new DrainPlan(500, 20, Optional.of(Duration.ofMinutes(5)), true))));
    }

    @Override
    public ReloadResult reload(String trigger) {
        asked.add("reload " + trigger);
        return reload;
    }

    @Override
    public void addBackend(String pool, NewBackend backend) throws RefusedException {
        requirePool(pool);
        if (backend.id().startsWith("web-")) {
            throw RefusedException.because("pool '" + pool + "' has a backend '" + backend.id() + "' already");
        }
        asked.add("add " + pool + " " + backend);
    }

    @Override
    public void removeBackend(String pool, String backend) throws RefusedException {
        require(pool, backend);
        asked.add("remove " + pool + "/" + backend);
    }

    @Override
    public void changeBackend(String pool, String backend, Optional<Wish> wish, Optional<Integer> weight)
            throws RefusedException {
        require(pool, backend);
        asked.add("change " + pool + "/" + backend + " " + wish + " " + weight);
    }

    @Override
    public void resetBackend(String pool, String backend) throws RefusedException {
        require(pool, backend);
        asked.add("reset " + pool + "/" + backend);
    }

    @Override
    public void changeService(String service, boolean enabled) throws RefusedException {
        if (!service.equals("web")) {
            throw RefusedException.unknown("no service '" + service + "'");
        }
        asked.add("service " + service + " " + enabled);
    }

    @Override
    public List<ConnectionView> connections(ConnectionFilter filter, int limit) {
        asked.add("connections " + filter + " " + limit);
        return List.of(new ConnectionView(
                42,
                "tcp",
                "web",
                "198.51.100.7:40000",
                Optional.of("web/web-1"),
                "relaying",
                Duration.ofMillis(1_500),
                Duration.ofMillis(200),
                10_240,
                3_000_000));
    }

    @Override
    public int kill(ConnectionFilter filter) {
        asked.add("kill " + filter);
        return 3;
    }

    @Override
    public DrainStatus drain(DrainTarget target, DrainPlan plan) throws RefusedException {
        if (target instanceof DrainTarget.Backend backend) {
            require(backend.pool(), backend.id());
        }
        asked.add("drain " + target + " " + plan);
        return underWay(target, plan);
    }

    @Override
    public DrainStatus cancelDrain(DrainTarget target) throws RefusedException {
        if (target instanceof DrainTarget.Forwarder) {
            throw RefusedException.because("there is no drain of the forwarder");
        }
        asked.add("cancel " + target);
        return underWay(target, new DrainPlan(0, 20, Optional.empty(), false));
    }

    private static DrainStatus underWay(DrainTarget target, DrainPlan plan) {
        return new DrainStatus(target.toString(), "running", STARTED, plan, 100, 40, 10, 50, Duration.ofSeconds(90));
    }

    private static void requirePool(String pool) throws RefusedException {
        if (!pool.equals("web")) {
            throw RefusedException.unknown("no pool '" + pool + "'");
        }
    }

    private static void require(String pool, String backend) throws RefusedException {
        requirePool(pool);
        if (!backend.startsWith("web-")) {
            throw RefusedException.unknown("no backend '" + backend + "' in pool '" + pool + "'");
        }
    }
}
