package io.penstock.forwarder.reload;

import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.control.Controller;
import io.penstock.forwarder.control.Controller.PoolView;
import io.penstock.forwarder.control.Controller.ServiceView;
import io.penstock.forwarder.operate.DrainStatus;
import io.penstock.forwarder.operate.ForwarderStatus;
import io.penstock.forwarder.operate.ForwarderStatus.BackendStatus;
import io.penstock.forwarder.operate.ForwarderStatus.PoolStatus;
import io.penstock.forwarder.operate.ForwarderStatus.ServiceStatus;
import io.penstock.forwarder.operate.ForwarderStatus.SessionStatus;
import io.penstock.forwarder.operate.MemberTraffic;
import io.penstock.forwarder.operate.RefusedException;
import io.penstock.forwarder.reload.LiveConfig.View;
import io.penstock.forwarder.worker.WorkerProxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Puts together what is configured, what the controller knows, and what the workers count. Any thread but control's. */
public final class StatusReport {
    private final Controller controller;
    private final List<WorkerProxy> workers;
    private final Self self;
    private final Clock clock;
    private final Instant startedAt;

    /**
     * What the process knows of itself, as it is now.
     *
     * @param state in one word, such as {@code running}
     * @param portRange how many ports the kernel gives out
     * @param sessionLimit how many sessions there may be
     */
    public record Self(Supplier<String> state, IntSupplier portRange, IntSupplier sessionLimit) {}

    public StatusReport(Controller controller, List<WorkerProxy> workers, Self self, Clock clock) {
        this.controller = controller;
        this.workers = List.copyOf(workers);
        this.self = self;
        this.clock = clock;
        startedAt = clock.instant();
    }

    ForwarderStatus of(View view, List<DrainStatus> drains) {
        ForwarderConfig config = view.effective();
        Map<String, PoolView> pools;
        Map<String, ServiceView> services;
        try {
            pools = controller.pools(self.portRange().getAsInt());
            services = controller.services(config.services().keySet());
        } catch (RefusedException stopped) {
            pools = Map.of();
            services = Map.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        return new ForwarderStatus(
                self.state().get(),
                startedAt,
                Duration.between(startedAt, clock.instant()),
                config.file().toString(),
                workers.size(),
                controller.publication().current().version(),
                workers.stream().mapToLong(WorkerProxy::openConnections).sum(),
                new SessionStatus(
                        workers.stream().mapToLong(WorkerProxy::openSessions).sum(),
                        self.sessionLimit().getAsInt()),
                view.lastReload(),
                view.reloads(),
                view.refused(),
                view.overrides().lines(),
                services(config, view.overrides(), services),
                pools(view, config, pools),
                drains);
    }

    private List<ServiceStatus> services(ForwarderConfig config, Overrides overrides, Map<String, ServiceView> views) {
        return config.services().values().stream()
                .map(service -> service(service, overrides, views.getOrDefault(service.name(), ServiceView.NONE)))
                .toList();
    }

    private ServiceStatus service(ServiceConfig service, Overrides overrides, ServiceView view) {
        return new ServiceStatus(
                service.name(),
                service.protocol().name().toLowerCase(Locale.ROOT),
                service.listen().stream().map(Object::toString).toList(),
                service.pool(),
                !overrides.closedServices().contains(service.name()),
                view.connections(),
                view.sessions(),
                view.accepted(),
                new ServiceTraffics(workers, view.places()).sum(System.nanoTime()));
    }

    private List<PoolStatus> pools(View view, ForwarderConfig config, Map<String, PoolView> views) {
        return config.pools().values().stream()
                .map(pool -> pool(view, pool, views.getOrDefault(pool.name(), PoolView.NONE)))
                .toList();
    }

    private PoolStatus pool(View view, PoolConfig pool, PoolView now) {
        String policy =
                pool.balance().policy().kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
        return new PoolStatus(
                pool.name(),
                policy,
                now.queued(),
                pool.backends().stream()
                        .flatMap(backend -> members(view, new BackendName(pool.name(), backend.id()), backend, now))
                        .toList(),
                now.traffic());
    }

    private Stream<BackendStatus> members(View view, BackendName name, BackendConfig backend, PoolView now) {
        boolean inFile = Overrides.backend(view.file(), name).isPresent();
        Optional<String> difference = view.overrides().of(name).map(BackendOverride::toString);
        return now.members().getOrDefault(backend.id(), List.of(unresolved(backend))).stream()
                .map(member -> new BackendStatus(
                        member.id(),
                        member.address(),
                        member.state(),
                        member.reason(),
                        member.since(),
                        member.weight(),
                        member.open(),
                        member.pending(),
                        member.portsLeft(),
                        inFile ? "file" : "operator",
                        difference,
                        member.traffic()));
    }

    /** A name that had no address yet. */
    private BackendStatus unresolved(BackendConfig backend) {
        return new BackendStatus(
                backend.id(),
                backend.host() + ":" + backend.port(),
                "unresolved",
                "",
                startedAt,
                backend.weight(),
                0,
                0,
                List.of(),
                "file",
                Optional.empty(),
                MemberTraffic.NONE);
    }
}
