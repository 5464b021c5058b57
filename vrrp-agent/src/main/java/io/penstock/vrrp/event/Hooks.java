package io.penstock.vrrp.event;

import io.penstock.events.Event;
import io.penstock.events.LogText;
import io.penstock.linux.Syscalls;
import io.penstock.vrrp.config.HookConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commands that are told what happens. Its callers see to it that there is one at a time, but for {@link #views}. */
final class Hooks {
    private static final Logger LOG = LoggerFactory.getLogger(Hooks.class);

    /** After the kill: a process that waits for a dead disk cannot be killed. */
    private static final long KILLED_MS = 500;

    private final Syscalls syscalls;
    private volatile List<Hook> hooks = List.of();

    /** Taken out, with a run that was under way. */
    private final List<Hook> leaving = new ArrayList<>();

    Hooks(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /**
     * From now on these. One that stays goes on with what it has still to be told.
     *
     * @param standing told to each first
     */
    void configure(List<HookConfig> wanted, List<Event> standing) {
        List<Hook> former = new ArrayList<>(hooks);
        List<Hook> next = new ArrayList<>();
        for (HookConfig config : wanted) {
            Hook hook = former.stream()
                    .filter(one -> one.config().equals(config))
                    .findFirst()
                    .orElseGet(() -> new Hook(config, syscalls));
            former.remove(hook);
            next.add(hook);
            standing.forEach(hook::offer);
        }
        former.forEach(Hook::drop);
        leaving.removeIf(Hook::hasEnded);
        leaving.addAll(former);
        hooks = List.copyOf(next);
    }

    /** Never waits. */
    void offer(Event event) {
        for (Hook hook : hooks) {
            hook.offer(event);
        }
    }

    /** Each with a name of its own: the second of the same command is {@code COMMAND #2}. */
    List<HookView> views() {
        Map<String, Integer> seen = new HashMap<>();
        List<HookView> views = new ArrayList<>();
        for (Hook hook : hooks) {
            HookView view = hook.view();
            int number = seen.merge(view.name(), 1, Integer::sum);
            views.add(number == 1 ? view : view.named(view.name() + " #" + number));
        }
        return views;
    }

    /** Each is still told what happened, all within this time; what is under way then, also of those taken out, is killed. */
    void close(Duration limit) {
        long deadlineNs = System.nanoTime() + limit.toNanos();
        hooks.forEach(Hook::end);
        List<Hook> all = new ArrayList<>(hooks);
        all.addAll(leaving);
        try {
            for (Hook hook : all) {
                hook.awaitEnd(deadlineNs);
            }
            for (Hook hook : all) {
                if (!hook.awaitKilled(KILLED_MS)) {
                    LOG.warn(
                            "event=hook-does-not-end hook={}",
                            LogText.of(hook.view().name()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
