package io.penstock.bgp.event;

import io.penstock.bgp.event.BgpEvent.Kind;
import io.penstock.events.Event;
import io.penstock.events.EventJournal;
import io.penstock.events.EventJournal.Bearing;
import io.penstock.events.EventLog;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Set;

/**
 * What happens in a running agent: the event log, from which its API takes it, and a line for each in the process's log, written on a
 * thread of its own. Safe from any thread; whoever records waits for nobody.
 */
public final class Journal implements EventRecorder, AutoCloseable {
    private static final String THREAD = "bgp-log";

    /** Of which the details say it all. */
    private static final Set<Kind> WITHOUT_TEXT = EnumSet.of(Kind.STATE, Kind.ANNOUNCED, Kind.WITHDRAWN, Kind.PEER);

    private static final Set<Kind> LASTING = EnumSet.of(Kind.STATE, Kind.DAEMON, Kind.PEER);

    private final EventJournal events;

    /** Starts the thread that writes lines. */
    public Journal(Clock clock) {
        events = new EventJournal(clock, THREAD, WITHOUT_TEXT, Journal::bearing);
    }

    private static Bearing bearing(Event event) {
        if (!(event.type() instanceof Kind kind) || !LASTING.contains(kind)) {
            return Bearing.PASSING;
        }
        boolean gone = BgpEvent.REMOVED.equals(event.details().values().get("to"));
        return gone ? Bearing.ENDING : Bearing.LASTING;
    }

    @Override
    public void record(BgpEvent event) {
        Event unused = events.add(event.kind(), event.level(), event.subject(), event.text(), event.details());
    }

    /** To be read. */
    public EventLog log() {
        return events.log();
    }

    /**
     * The current state of each VIP, of each neighbour and of the way to the daemon, as events that are marked as told again; and the event
     * up to which it is that.
     */
    public EventLog.Page standing() {
        return events.standing();
    }

    /** All that has happened is in the process's log when this returns, unless nobody takes it. */
    @Override
    public void close() {
        events.close();
    }
}
