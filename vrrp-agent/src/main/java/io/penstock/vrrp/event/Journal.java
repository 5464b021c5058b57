package io.penstock.vrrp.event;

import io.penstock.events.Event;
import io.penstock.events.EventJournal;
import io.penstock.events.EventJournal.Bearing;
import io.penstock.events.EventLog;
import io.penstock.linux.Syscalls;
import io.penstock.vrrp.config.HookConfig;
import io.penstock.vrrp.event.VrrpEvent.Kind;
import io.penstock.vrrp.protocol.State;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What happens in a running agent, and all whom it is told: the event log, from which API and process log take it, and the hooks. One
 * order for all of them. Safe from any thread; nothing waits for anybody who is told.
 */
public final class Journal implements EventRecorder {
    private static final String THREAD = "vrrp-log";

    /** Of which the details say it all. */
    private static final Set<Kind> WITHOUT_TEXT = EnumSet.of(Kind.TRANSITION, Kind.GROUP, Kind.PRIORITY);

    private final EventJournal events;
    private final Hooks hooks;

    /** Guards the order in which hooks are told. */
    private final Object order = new Object();

    /** Without hooks. */
    public Journal(Clock clock, Syscalls syscalls) {
        events = new EventJournal(clock, THREAD, WITHOUT_TEXT, Journal::bearing);
        hooks = new Hooks(syscalls);
    }

    /** A router that was stopped has no state any more. */
    private static Bearing bearing(Event event) {
        if (event.type() != Kind.TRANSITION && event.type() != Kind.GROUP) {
            return Bearing.PASSING;
        }
        boolean stopped =
                State.INITIALIZE.label().equals(event.details().values().get("to"));
        return stopped ? Bearing.ENDING : Bearing.LASTING;
    }

    @Override
    public void record(VrrpEvent event) {
        synchronized (order) {
            hooks.offer(events.add(event.kind(), event.level(), event.subject(), event.text(), event.details()));
        }
    }

    /** From now on these hooks. Each, also one that stays, is first told the current state of all routers and groups. */
    public void configure(List<HookConfig> wanted) {
        synchronized (order) {
            hooks.configure(wanted, events.standing().events());
        }
    }

    /** To be read. */
    public EventLog log() {
        return events.log();
    }

    /** The current state of all routers and groups, as events that are marked as told again; and the event up to which it is that. */
    public EventLog.Page standing() {
        return events.standing();
    }

    public List<HookView> hooks() {
        return hooks.views();
    }

    /** Hooks are still told what happened, all within this time; what is under way then is killed. */
    public void close(Duration limit) {
        hooks.close(limit);
        events.close();
    }
}
