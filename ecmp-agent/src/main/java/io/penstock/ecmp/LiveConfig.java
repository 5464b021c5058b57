package io.penstock.ecmp;

import io.penstock.config.InvalidConfigException;
import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.config.EcmpConfigReader;
import io.penstock.ecmp.operate.RefusedException;
import io.penstock.ecmp.operate.ReloadResult;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file as it was last applied. One reload at a time; others wait. Any thread but the agent's. */
final class LiveConfig {
    private static final Logger LOG = LoggerFactory.getLogger(LiveConfig.class);

    private final EcmpConfig started;
    private final Applier applier;
    private final Clock clock;
    private final Object oneAtATime = new Object();
    private volatile EcmpConfig applied;
    private volatile ReloadResult last;

    /** Makes a configuration the one that runs. */
    interface Applier {
        void apply(EcmpConfig config) throws RefusedException;
    }

    /** @param started which runs already */
    LiveConfig(EcmpConfig started, Applier applier, Clock clock) {
        this.started = started;
        this.applier = applier;
        this.clock = clock;
        applied = started;
        last = new ReloadResult(clock.instant(), "start", true, List.of(), List.of());
    }

    EcmpConfig applied() {
        return applied;
    }

    ReloadResult last() {
        return last;
    }

    /** The file, and every file that it names. */
    Set<Path> files() {
        Set<Path> files = new LinkedHashSet<>();
        files.add(started.file());
        files.addAll(applied.process().namedFiles());
        return files;
    }

    /** Reads the file again and applies it, whole or not at all. */
    ReloadResult reload(String trigger) {
        synchronized (oneAtATime) {
            ReloadResult result = read(trigger);
            last = result;
            log(result);
            return result;
        }
    }

    private ReloadResult read(String trigger) {
        try {
            EcmpConfig read = EcmpConfigReader.read(started.file());
            applier.apply(read);
            applied = read;
            return new ReloadResult(clock.instant(), trigger, true, List.of(), needRestart(started, read));
        } catch (InvalidConfigException e) {
            return refused(trigger, e.problems().stream().map(Object::toString).toList());
        } catch (RefusedException e) {
            return refused(trigger, List.of(e.getMessage()));
        }
    }

    private ReloadResult refused(String trigger, List<String> problems) {
        return new ReloadResult(clock.instant(), trigger, false, problems, List.of());
    }

    /** What a process keeps for its life. */
    private static List<String> needRestart(EcmpConfig started, EcmpConfig read) {
        List<String> changed = new ArrayList<>();
        if (!started.process().admin().equals(read.process().admin())) {
            changed.add("admin");
        }
        if (started.process().watch() != read.process().watch()) {
            changed.add("watch");
        }
        if (started.protocol() != read.protocol()) {
            changed.add("protocol");
        }
        if (started.nextHopIds() != read.nextHopIds()) {
            changed.add("nexthop-ids");
        }
        if (!started.stateDirectory().equals(read.stateDirectory())) {
            changed.add("state-directory");
        }
        return changed;
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
