package io.penstock.forwarder.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.penstock.events.Event.Level;
import io.penstock.events.EventDetails;
import io.penstock.events.EventLog;
import io.penstock.forwarder.events.EventType;
import io.penstock.forwarder.flowlog.FlowLog;
import io.penstock.forwarder.operate.HealthViews;
import io.penstock.forwarder.operate.PoolHealth;
import io.penstock.forwarder.operate.PoolHealth.BackendHealth;
import io.penstock.forwarder.operate.PoolHealth.CheckResult;
import io.penstock.forwarder.operate.ServiceHealth;
import io.penstock.forwarder.operate.ServiceHealth.Listen;
import io.penstock.forwarder.operate.ServiceHealth.Reach;
import io.penstock.forwarder.operate.ServingState;
import io.penstock.forwarder.operate.TransitionCount;
import io.penstock.forwarder.operate.VipReport;
import io.penstock.metrics.BucketScale;
import io.penstock.metrics.SharedBuckets;
import io.penstock.net.IpAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** One service {@code web} on 192.0.2.10, whose state the test sets, and an event log that is the test's to fill. */
public final class FakeViews {
    public final EventLog events = new EventLog(Clock.fixed(FakeOperations.STARTED, ZoneOffset.UTC));
    public final SharedBuckets builds = new SharedBuckets(BucketScale.ofNanos(1_000, 6, 21));
    public volatile ServingState state = ServingState.SERVED;

    /** A backend went down. */
    public void addDown(String backend) {
        events.add(
                EventType.BACKEND,
                Level.WARN,
                "web/" + backend,
                "up to down: check: timeout",
                EventDetails.of("from", "up")
                        .and("to", "down")
                        .and("new", 3)
                        .and("applied", true)
                        .and("of", List.of("a")));
    }

    AdminViews views() {
        return new AdminViews(
                events,
                new Health(),
                FakeViews::config,
                builds::counts,
                new FlowLog(0, null).counts(),
                () -> Optional.of(new FakePlane()),
                () -> "there is one");
    }

    private static JsonObject config() {
        JsonObject config = new JsonObject();
        config.addProperty("file", "/etc/penstock/forwarder.yaml");
        config.add("differences", new JsonArray());
        JsonObject document = new JsonObject();
        document.addProperty("workers", 2);
        config.add("config", document);
        return config;
    }

    private final class Health implements HealthViews {
        @Override
        public VipReport vips() {
            String reason = state == ServingState.SERVED ? "" : "pool web: " + state.label();
            return new VipReport(List.of(new ServiceHealth(
                    "web",
                    "tcp",
                    List.of(new Listen(
                            "192.0.2.10:80", IpAddress.parse("192.0.2.10").orElseThrow(), Reach.ADDRESS)),
                    "web",
                    true,
                    state,
                    reason,
                    1,
                    2,
                    false)));
        }

        @Override
        public List<PoolHealth> pools() {
            CheckResult check =
                    new CheckResult("tcp", "failure", "timeout", FakeOperations.STARTED, Duration.ofNanos(1_500_000));
            BackendHealth backend = new BackendHealth(
                    "web-1", "10.0.0.1:80", "down", "check", "timeout", FakeOperations.STARTED, List.of(check));
            return List.of(new PoolHealth("web", ServingState.DEGRADED, "why", 1, true, List.of(backend)));
        }

        @Override
        public List<TransitionCount> transitions() {
            return List.of(new TransitionCount("web", "down", "check", 3));
        }
    }
}
