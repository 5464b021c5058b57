package io.penstock.vrrp.track;

import io.penstock.health.CheckedTarget;
import io.penstock.health.HealthMonitor;
import io.penstock.serving.CheckWatch;
import io.penstock.serving.ForwarderWatches;
import io.penstock.serving.ForwarderWatches.Asked;
import io.penstock.serving.VipVerdict;
import io.penstock.serving.VipVerdict.Kind;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.TrackConfig;
import io.penstock.vrrp.config.VrrpConfig;
import io.penstock.vrrp.track.TrackBoard.Sight;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * All watches that a configuration asks for: a thread for each forwarder, one for all checks and one for all files; interfaces are the
 * agent's thread's. Another configuration changes only what it has to: what was heard of a track that stays, counts on. Of one thread at a
 * time.
 */
public final class Tracks implements AutoCloseable {
    private final TrackBoard board;
    private final LongSupplier nowNs;
    private final HealthMonitor monitor = new HealthMonitor("vrrp-probe");
    private final ForwarderWatches forwarders;
    private final FileWatch files = new FileWatch(this::onReading, "vrrp-files");
    private final Map<TrackKey, CheckWatch> checks = new HashMap<>();

    /** What each track of the configuration is about; when that changes, nothing that was heard counts any more. */
    private Map<TrackKey, Object> subjects = Map.of();

    /** What the configuration before had besides: the agent may have that one still. */
    private Set<TrackKey> leaving = Set.of();

    private Set<String> routers = Set.of();
    private volatile Map<String, TrackKey> keys = Map.of();
    private volatile Map<Path, List<TrackKey>> keysByFile = Map.of();

    /** @param nowNs the agent's clock; asked from any thread */
    public Tracks(TrackBoard board, LongSupplier nowNs) {
        this.board = board;
        this.nowNs = nowNs;
        forwarders = new ForwarderWatches(this::onVerdict, nowNs, "vrrp-fwd-");
    }

    /**
     * From now on these. To be called before the agent has the configuration: it then finds everything on the board that it asks for. A
     * router that runs is not to fail over because it is tracked otherwise, so a new track without a weight counts as up, and one that has
     * changed as what it was, for as long as a first word can take.
     */
    public void watch(VrrpConfig config) {
        Map<TrackKey, TrackConfig> wanted = new LinkedHashMap<>();
        for (RouterConfig router : config.routers().values()) {
            router.tracks().forEach(track -> wanted.put(new TrackKey(router.name(), track.name()), track));
        }
        Map<TrackKey, Object> next = new LinkedHashMap<>();
        wanted.forEach((key, track) -> subject(key, track).ifPresent(subject -> next.put(key, subject)));
        end(next);
        next.forEach((key, subject) -> {
            if (!subject.equals(subjects.get(key)) && !(subject instanceof Path)) {
                board.begin(key, nowNs.getAsLong(), assumed(key, wanted.get(key)));
            }
        });
        subjects = next;
        routers = Set.copyOf(config.routers().keySet());
        begin();
    }

    private static Optional<Object> subject(TrackKey key, TrackConfig track) {
        if (track instanceof TrackConfig.Forwarder asked) {
            return Optional.of(new Asked(name(key), asked.vip(), asked.question()));
        }
        if (track instanceof TrackConfig.Checks own) {
            return Optional.of(new CheckedTarget(own.target(), own.plan()));
        }
        return track instanceof TrackConfig.File file ? Optional.of(file.path()) : Optional.empty();
    }

    /** Which no name can have: a space parts them. */
    private static String name(TrackKey key) {
        return key.router() + " " + key.track();
    }

    private Optional<Boolean> assumed(TrackKey key, TrackConfig track) {
        if (!routers.contains(key.router())) {
            return Optional.empty();
        }
        return board.entry(key.router(), key.track())
                .flatMap(former -> former.sight().map(Sight::up).or(former::assumedUp))
                .or(() -> track.weight().isPresent() ? Optional.empty() : Optional.of(true));
    }

    /** Nothing more is said of those that are not in the next configuration, or are about something else there. */
    private void end(Map<TrackKey, Object> next) {
        Set<TrackKey> ended = new HashSet<>();
        subjects.forEach((key, subject) -> {
            if (!subject.equals(next.get(key))) {
                ended.add(key);
            }
        });
        Set<String> names = new HashSet<>();
        ended.forEach(key -> names.add(name(key)));
        forwarders.forget(names);
        for (TrackKey key : ended) {
            CheckWatch running = checks.remove(key);
            if (running != null) {
                running.close();
            }
        }
        leaving.stream().filter(key -> !next.containsKey(key)).forEach(board::forget);
        ended.removeAll(next.keySet());
        leaving = ended;
    }

    private void begin() {
        List<Asked> asked = new ArrayList<>();
        Map<String, TrackKey> named = new HashMap<>();
        Map<Path, List<TrackKey>> read = new HashMap<>();
        subjects.forEach((key, subject) -> {
            named.put(name(key), key);
            if (subject instanceof Asked vip) {
                asked.add(vip);
            } else if (subject instanceof Path file) {
                read.computeIfAbsent(file, missing -> new ArrayList<>()).add(key);
            }
        });
        keys = named;
        keysByFile = read;
        files.watch(read.keySet());
        forwarders.watch(asked);
        subjects.forEach((key, subject) -> {
            if (subject instanceof CheckedTarget checked) {
                checks.computeIfAbsent(
                        key, missing -> new CheckWatch(monitor, name(key), checked, this::onVerdict, nowNs));
            }
        });
    }

    /** A forwarder that drains wants no new clients, so another host is to have them. */
    private void onVerdict(String name, VipVerdict verdict) {
        TrackKey key = keys.get(name);
        Sight sight = new Sight(verdict.kind() == Kind.SERVED, 0, verdict.reason());
        board.post(key.router(), key.track(), sight, verdict.atNs());
    }

    private void onReading(Path file, FileReading reading) {
        for (TrackKey key : keysByFile.getOrDefault(file, List.of())) {
            board.post(key.router(), key.track(), reading.sight());
        }
    }

    /** Nothing is posted any more when this returns; questions under way end by their timeouts. */
    @Override
    public void close() {
        files.close();
        forwarders.close();
        checks.values().forEach(CheckWatch::close);
        monitor.close();
    }
}
