package io.penstock.agent;

import io.penstock.config.InvalidConfigException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A configuration file as it was last applied. One reload at a time; others wait. Any thread but the agent's.
 *
 * @param <C> what the file says, a value
 */
public final class LiveConfig<C> {
    private static final Logger LOG = LoggerFactory.getLogger(LiveConfig.class);

    private final Path file;
    private final ConfigKind<C> kind;
    private final C started;
    private final Applier<C> applier;
    private final Clock clock;
    private final Object oneAtATime = new Object();
    private volatile C applied;
    private volatile ReloadResult last;

    /**
     * Makes a configuration the one that runs.
     *
     * @param <C> what the file says
     */
    public interface Applier<C> {
        void apply(C config) throws RefusedException;
    }

    /** @param started which runs already */
    public LiveConfig(Path file, ConfigKind<C> kind, C started, Applier<C> applier, Clock clock) {
        this.file = file;
        this.kind = kind;
        this.started = started;
        this.applier = applier;
        this.clock = clock;
        applied = started;
        last = new ReloadResult(clock.instant(), "start", true, List.of(), List.of());
    }

    public C applied() {
        return applied;
    }

    public ReloadResult last() {
        return last;
    }

    /** The file, and every file that it names. */
    public Set<Path> files() {
        Set<Path> files = new LinkedHashSet<>();
        files.add(file);
        files.addAll(kind.namedFiles(applied));
        return files;
    }

    /** Reads the file again and applies it, whole or not at all. */
    public ReloadResult reload(String trigger) {
        synchronized (oneAtATime) {
            ReloadResult result = read(trigger);
            last = result;
            log(result);
            return result;
        }
    }

    private ReloadResult read(String trigger) {
        try {
            C read = kind.read(file);
            applier.apply(read);
            applied = read;
            return new ReloadResult(clock.instant(), trigger, true, List.of(), kind.needRestart(started, read));
        } catch (InvalidConfigException e) {
            return refused(trigger, e.problems().stream().map(Object::toString).toList());
        } catch (RefusedException e) {
            return refused(trigger, List.of(e.getMessage()));
        }
    }

    private ReloadResult refused(String trigger, List<String> problems) {
        return new ReloadResult(clock.instant(), trigger, false, problems, List.of());
    }

    private static void log(ReloadResult result) {
        result.problems().forEach(problem -> LOG.error("event=config-problem problem=\"{}\"", problem));
        if (!result.needRestart().isEmpty()) {
            LOG.warn("event=restart-needed settings={}", String.join(",", result.needRestart()));
        }
        if (result.applied()) {
            LOG.info("event=config-applied trigger={}", result.trigger());
        } else {
            LOG.error(
                    "event=config-refused trigger={} problems={} effect=none",
                    result.trigger(),
                    result.problems().size());
        }
    }
}
