package io.penstock.forwarder.reload;

import io.penstock.config.InvalidConfigException;
import io.penstock.events.Event.Level;
import io.penstock.events.EventDetails;
import io.penstock.events.EventLog;
import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.OfferedBackend;
import io.penstock.forwarder.control.ConnectionQueries;
import io.penstock.forwarder.control.Drains;
import io.penstock.forwarder.events.EventType;
import io.penstock.forwarder.operate.ConnectionFilter;
import io.penstock.forwarder.operate.ConnectionView;
import io.penstock.forwarder.operate.DrainPlan;
import io.penstock.forwarder.operate.DrainStatus;
import io.penstock.forwarder.operate.DrainTarget;
import io.penstock.forwarder.operate.ForwarderStatus;
import io.penstock.forwarder.operate.NewBackend;
import io.penstock.forwarder.operate.Operations;
import io.penstock.forwarder.operate.RefusedException;
import io.penstock.forwarder.operate.ReloadResult;
import io.penstock.forwarder.reload.LiveConfig.View;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operations of the forwarder that runs here: each finds its class, and changes are logged. */
public final class LiveOperations implements Operations {
    private static final Logger LOG = LoggerFactory.getLogger(LiveOperations.class);

    private final LiveConfig config;
    private final StatusReport report;
    private final ConnectionQueries connections;
    private final Drains drains;
    private final EventLog events;

    public LiveOperations(
            LiveConfig config, StatusReport report, ConnectionQueries connections, Drains drains, EventLog events) {
        this.events = events;
        this.config = config;
        this.report = report;
        this.connections = connections;
        this.drains = drains;
    }

    @Override
    public ForwarderStatus status() {
        return report.of(config.view(), drains.statuses());
    }

    @Override
    public ReloadResult reload(String trigger) {
        return config.reload(trigger);
    }

    @Override
    public void addBackend(String pool, NewBackend backend) throws RefusedException {
        BackendName name = new BackendName(pool, backend.id());
        requireWeight(backend.weight());
        change(name, view -> {
            ForwarderConfig now = requirePool(view, pool);
            if (Overrides.backend(now, name).isPresent()) {
                throw RefusedException.because("backend " + name + " is there already");
            }
            if (Overrides.backend(view.file(), name).isPresent()) {
                throw RefusedException.because("the file has backend " + name + ": reset it");
            }
            return view.overrides().with(name, added(now, name, backend));
        });
    }

    private static BackendOverride added(ForwarderConfig now, BackendName name, NewBackend backend)
            throws RefusedException {
        try {
            BackendConfig read =
                    OfferedBackend.read(now, name.pool(), backend.id(), backend.address(), backend.weight());
            return BackendOverride.adds(read);
        } catch (InvalidConfigException e) {
            throw RefusedException.because(e.problems().stream()
                    .map(problem -> problem.key() + ": " + problem.rule() + " (was " + problem.was() + ")")
                    .collect(Collectors.joining("; ")));
        }
    }

    @Override
    public void removeBackend(String pool, String backend) throws RefusedException {
        BackendName name = new BackendName(pool, backend);
        change(name, view -> {
            requireBackend(view, name);
            return Overrides.backend(view.file(), name).isPresent()
                    ? view.overrides().with(name, BackendOverride.REMOVED)
                    : view.overrides().without(name);
        });
    }

    @Override
    public void changeBackend(String pool, String backend, Optional<Wish> wish, Optional<Integer> weight)
            throws RefusedException {
        BackendName name = new BackendName(pool, backend);
        if (weight.isPresent()) {
            requireWeight(weight.get());
        }
        change(name, view -> {
            requireBackend(view, name);
            BackendOverride changed = view.overrides()
                    .of(name)
                    .orElse(BackendOverride.NONE)
                    .with(wish.map(LiveOperations::state), weight);
            return changed.differsFrom(Overrides.backend(view.file(), name))
                    ? view.overrides().with(name, changed)
                    : view.overrides().without(name);
        });
    }

    private static BackendConfig.State state(Wish wish) {
        return switch (wish) {
            case READY -> BackendConfig.State.READY;
            case DRAIN -> BackendConfig.State.DRAIN;
            case MAINTENANCE -> BackendConfig.State.MAINTENANCE;
        };
    }

    @Override
    public void resetBackend(String pool, String backend) throws RefusedException {
        BackendName name = new BackendName(pool, backend);
        change(name, view -> {
            requirePool(view, pool);
            if (view.overrides().of(name).isEmpty()) {
                requireBackend(view, name);
            }
            return view.overrides().without(name);
        });
    }

    @Override
    public void changeService(String service, boolean enabled) throws RefusedException {
        config.change(view -> {
            if (!view.file().services().containsKey(service)) {
                throw RefusedException.unknown("there is no service " + service);
            }
            return view.overrides().withService(service, enabled);
        });
        LOG.info("event=operator service={} enabled={}", service, enabled);
        events.add(
                EventType.SERVICE,
                enabled ? Level.INFO : Level.WARN,
                service,
                enabled ? "opened to new clients by an operator" : "closed to new clients by an operator",
                EventDetails.NONE.and("enabled", enabled));
    }

    private void change(BackendName name, LiveConfig.Edit edit) throws RefusedException {
        config.change(edit);
        String difference = config.view()
                .overrides()
                .of(name)
                .map(BackendOverride::toString)
                .orElse("as in the file");
        LOG.info("event=operator backend={} now=\"{}\"", name, difference);
        events.add(
                EventType.OVERRIDE,
                Level.INFO,
                name.toString(),
                "changed by an operator: " + difference,
                EventDetails.of("now", difference));
    }

    private static ForwarderConfig requirePool(View view, String pool) throws RefusedException {
        ForwarderConfig now = view.effective();
        if (!now.pools().containsKey(pool)) {
            throw RefusedException.unknown("there is no pool " + pool);
        }
        return now;
    }

    private static void requireBackend(View view, BackendName name) throws RefusedException {
        if (Overrides.backend(requirePool(view, name.pool()), name).isEmpty()) {
            throw RefusedException.unknown("there is no backend " + name);
        }
    }

    private static void requireWeight(int weight) throws RefusedException {
        if (weight < 0 || weight > BackendConfig.MAX_WEIGHT) {
            throw RefusedException.because("a weight is 0 to " + BackendConfig.MAX_WEIGHT + " (was " + weight + ")");
        }
    }

    @Override
    public List<ConnectionView> connections(ConnectionFilter filter, int limit) {
        return connections.connections(filter, limit);
    }

    @Override
    public int kill(ConnectionFilter filter) {
        return connections.kill(filter);
    }

    @Override
    public DrainStatus drain(DrainTarget target, DrainPlan plan) throws RefusedException {
        return drains.drain(target, plan);
    }

    @Override
    public DrainStatus cancelDrain(DrainTarget target) throws RefusedException {
        return drains.cancel(target);
    }
}
