package io.penstock.vrrp.event;

import io.penstock.events.Event;
import io.penstock.events.EventDetails;
import io.penstock.events.EventLog;
import io.penstock.linux.Syscalls;
import io.penstock.vrrp.config.HookConfig;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What happens in a running agent, and all whom it is told: the event log, from which API and process log take it, and the hooks. One
 * order for all of them. Safe from any thread; nothing waits for anybody who is told.
 */
public final class Journal implements EventRecorder {
    private final EventLog log;
    private final Hooks hooks;
    private final EventLines lines;

    /** Guards the order, and {@link #standing}. */
    private final Object order = new Object();

    private final Standing standing = new Standing();

    /** Without hooks. */
    public Journal(Clock clock, Syscalls syscalls) {
        log = new EventLog(clock);
        hooks = new Hooks(syscalls);
        lines = new EventLines(log);
    }

    @Override
    public void record(VrrpEvent event) {
        EventDetails details = EventDetails.NONE;
        for (Map.Entry<String, String> detail : event.details().entrySet()) {
            details = details.and(detail.getKey(), detail.getValue());
        }
        synchronized (order) {
            Event recorded = log.add(event.kind(), event.level(), event.subject(), event.text(), details);
            standing.note(recorded);
            hooks.offer(recorded);
        }
    }

    /** From now on these hooks. Each, also one that stays, is first told the current state of all routers and groups. */
    public void configure(List<HookConfig> wanted) {
        synchronized (order) {
            hooks.configure(wanted, standing.events());
        }
    }

    /** To be read. */
    public EventLog log() {
        return log;
    }

    /** The current state of all routers and groups, as events that are marked as told again; and the event up to which it is that. */
    public EventLog.Page standing() {
        synchronized (order) {
            return new EventLog.Page(standing.events(), false, log.lastId());
        }
    }

    public List<HookView> hooks() {
        return hooks.views();
    }

    /** Hooks are still told what happened, all within this time; what is under way then is killed. */
    public void close(Duration limit) {
        hooks.close(limit);
        lines.close();
    }
}
