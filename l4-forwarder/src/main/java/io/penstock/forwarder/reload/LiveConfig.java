package io.penstock.forwarder.reload;

import com.google.gson.JsonObject;
import io.penstock.config.InvalidConfigException;
import io.penstock.events.Event.Level;
import io.penstock.events.EventDetails;
import io.penstock.events.EventLog;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.ForwarderConfigReader;
import io.penstock.forwarder.control.Controller;
import io.penstock.forwarder.events.EventType;
import io.penstock.forwarder.geo.ClientPlaces;
import io.penstock.forwarder.operate.RefusedException;
import io.penstock.forwarder.operate.ReloadResult;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What runs: the file as it was last applied, and the operator's changes above it. One change at a time; others wait. Any
 * thread but the workers' and control's.
 */
public final class LiveConfig {
    /** What runs now, and how it came about. A value: who reads it sees one moment. */
    record View(
            ForwarderConfig file,
            ClientPlaces clients,
            Overrides overrides,
            ReloadResult lastReload,
            long reloads,
            long refused) {
        /** What was asked of the controller. */
        ForwarderConfig effective() {
            return overrides.above(file);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(LiveConfig.class);

    /** Changes, or problems, that an event names. */
    private static final int IN_EVENT = 3;

    private final ForwarderConfig started;
    private final Controller controller;
    private final Function<ForwarderConfig, Optional<String>> check;
    private final Consumer<ForwarderConfig> onApplied;
    private final Clock clock;
    private final EventLog events;
    private final Object oneAtATime = new Object();
    private volatile View view;

    /**
     * Of a process that has started.
     *
     * @param started what the controller was made with
     * @param check why this process cannot do what a valid configuration wants; empty when it can
     * @param onApplied told what runs after each reload and each change, in their order; must not block
     */
    public LiveConfig(
            ForwarderConfig started,
            ClientPlaces clients,
            Controller controller,
            Function<ForwarderConfig, Optional<String>> check,
            Consumer<ForwarderConfig> onApplied,
            Clock clock,
            EventLog events) {
        this.events = events;
        this.started = started;
        this.check = check;
        this.onApplied = onApplied;
        this.controller = controller;
        this.clock = clock;
        ReloadResult start = new ReloadResult(clock.instant(), "start", true, List.of(), List.of(), List.of());
        view = new View(started, clients, Overrides.NONE, start, 0, 0);
    }

    View view() {
        return view;
    }

    /** The file as it was last applied. */
    public ForwarderConfig file() {
        return view.file;
    }

    /** What runs, in the words of the file, for those who operate it: its path, the differences from it, and itself. */
    public JsonObject document() {
        return EffectiveDocument.of(view);
    }

    /** The file, and every file that it names. */
    public Set<Path> files() {
        Set<Path> files = new LinkedHashSet<>();
        files.add(started.file());
        files.addAll(view.file.namedFiles());
        return files;
    }

    /** Reads the file again and applies it, whole or not at all. */
    public ReloadResult reload(String trigger) {
        synchronized (oneAtATime) {
            long startNs = System.nanoTime();
            ReloadResult result;
            try {
                ForwarderConfig read = ForwarderConfigReader.read(started.file());
                result = apply(trigger, read, ClientPlaces.read(read));
            } catch (InvalidConfigException e) {
                result = refused(
                        trigger, e.problems().stream().map(Object::toString).toList());
            } catch (RefusedException e) {
                result = refused(trigger, List.of(e.getMessage()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                result = refused(trigger, List.of("the forwarder is stopping"));
            }
            log(result, (System.nanoTime() - startNs) / 1_000_000);
            tell(result);
            return result;
        }
    }

    private ReloadResult apply(String trigger, ForwarderConfig read, ClientPlaces clients)
            throws RefusedException, InterruptedException {
        Optional<String> impossible = check.apply(read);
        if (impossible.isPresent()) {
            throw RefusedException.because(impossible.get());
        }
        View before = view;
        Overrides kept = before.overrides.within(read);
        controller.apply(kept.above(read), clients, kept.closedServices());
        List<String> changes = new ArrayList<>(ConfigChanges.between(before.file, read));
        if (!clients.equals(before.clients)) {
            changes.add("places of clients read");
        }
        before.overrides.lostIn(kept).forEach(lost -> changes.add("given up: " + lost));
        ReloadResult result = new ReloadResult(
                clock.instant(), trigger, true, changes, List.of(), ConfigChanges.needRestart(started, read));
        view = new View(read, clients, kept, result, before.reloads + 1, before.refused);
        onApplied.accept(view.effective());
        return result;
    }

    private ReloadResult refused(String trigger, List<String> problems) {
        View before = view;
        ReloadResult result = new ReloadResult(clock.instant(), trigger, false, List.of(), problems, List.of());
        view = new View(before.file, before.clients, before.overrides, result, before.reloads, before.refused + 1);
        return result;
    }

    private void tell(ReloadResult result) {
        Level level = result.applied() && result.needRestart().isEmpty() ? Level.INFO : Level.WARN;
        String text;
        if (!result.applied()) {
            text = "refused, nothing changed: " + first(result.problems());
        } else if (result.changes().isEmpty()) {
            text = "nothing changed";
        } else {
            text = "applied: " + first(result.changes());
        }
        events.add(
                EventType.RELOAD,
                level,
                result.trigger(),
                text,
                EventDetails.NONE
                        .and("applied", result.applied())
                        .and("changes", result.changes().size())
                        .and("problems", result.problems().size())
                        .and("needRestart", result.needRestart()));
    }

    /** A line, however many there are; the status has them all. */
    private static String first(List<String> lines) {
        int more = lines.size() - IN_EVENT;
        return lines.stream().limit(IN_EVENT).collect(Collectors.joining("; "))
                + (more > 0 ? "; and " + more + " more" : "");
    }

    private static void log(ReloadResult result, long tookMs) {
        result.problems().forEach(problem -> LOG.error("event=config-problem problem=\"{}\"", problem));
        result.changes().forEach(change -> LOG.info("event=config-change change=\"{}\"", change));
        if (!result.needRestart().isEmpty()) {
            LOG.warn("event=restart-needed settings={}", String.join(",", result.needRestart()));
        }
        if (!result.applied()) {
            LOG.error(
                    "event=config-refused trigger={} problems={} effect=none",
                    result.trigger(),
                    result.problems().size());
        } else if (result.changes().isEmpty()) {
            LOG.info("event=config-unchanged trigger={} duration={}ms", result.trigger(), tookMs);
        } else {
            LOG.info(
                    "event=config-applied trigger={} changes={} duration={}ms",
                    result.trigger(),
                    result.changes().size(),
                    tookMs);
        }
    }

    /** Makes one change of the operator's, whole or not at all. */
    void change(Edit edit) throws RefusedException {
        synchronized (oneAtATime) {
            View before = view;
            Overrides next = edit.of(before);
            try {
                controller.apply(next.above(before.file), before.clients, next.closedServices());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw RefusedException.because("interrupted");
            }
            view = new View(before.file, before.clients, next, before.lastReload, before.reloads, before.refused);
            onApplied.accept(view.effective());
        }
    }

    /** The operator's changes, for a process that takes over; {@link #importOverrides} of the same version reads them. */
    public String exportOverrides() {
        return OverridesText.of(view.overrides);
    }

    /**
     * Takes over what the operator changed in another process, in place of what was changed here. What does not apply to
     * this file is logged and left out.
     *
     * @throws RefusedException for text of another version; nothing has changed then
     */
    public void importOverrides(String text) throws RefusedException {
        synchronized (oneAtATime) {
            View before = view;
            OverridesText.Parsed offered = OverridesText.parse(text, before.file);
            Overrides kept = offered.overrides().within(before.file);
            offered.unusable().forEach(line -> LOG.warn("event=override-given-up difference=\"{}\"", line));
            offered.overrides()
                    .lostIn(kept)
                    .forEach(line -> LOG.warn("event=override-given-up difference=\"{}\"", line));
            if (!kept.equals(before.overrides)) {
                change(unchanged -> kept);
                kept.lines().forEach(line -> LOG.info("event=override-taken-over difference=\"{}\"", line));
            }
        }
    }

    /** What the operator's changes become. */
    interface Edit {
        Overrides of(View before) throws RefusedException;
    }
}
