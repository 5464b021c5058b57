package io.penstock.vrrp.control;

import io.penstock.vrrp.address.VipEvent;
import io.penstock.vrrp.event.EventRecorder;
import io.penstock.vrrp.event.VrrpEvent;
import io.penstock.vrrp.event.VrrpEvent.Kind;
import io.penstock.vrrp.protocol.Action.Notice;
import io.penstock.vrrp.protocol.State;
import io.penstock.vrrp.protocol.Transition;
import io.penstock.vrrp.track.TrackView;
import io.penstock.vrrp.track.Verdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Words for what happened, to those who follow it. Of the agent's thread. */
final class Report {
    /** Of notices of one kind about one router; what they are about is counted each time. */
    static final long PAUSE_NS = Duration.ofMinutes(1).toNanos();

    private final EventRecorder recorder;
    private final Map<Told, Long> told = new HashMap<>();

    private record Told(String router, Notice.Kind kind) {}

    Report(EventRecorder recorder) {
        this.recorder = recorder;
    }

    void transition(Transition transition, int priority) {
        String from = transition.from().label();
        String to = transition.to().label();
        record(
                Kind.TRANSITION,
                transition.router(),
                from + " -> " + to + ": " + transition.reason(),
                Map.of("from", from, "to", to, "reason", transition.reason(), "priority", Integer.toString(priority)));
    }

    void group(String name, State from, State to) {
        record(Kind.GROUP, name, from.label() + " -> " + to.label(), Map.of("from", from.label(), "to", to.label()));
    }

    /** A late one always; others again only after a pause. */
    void notice(String router, Notice notice, long nowNs) {
        Told key = new Told(router, notice.kind());
        Long before = told.get(key);
        if (before != null && nowNs - before < PAUSE_NS && notice.kind() != Notice.Kind.LATE) {
            return;
        }
        told.put(key, nowNs);
        record(Kind.NOTICE, router, notice.text(), Map.of("about", label(notice.kind())));
    }

    void vip(VipEvent event) {
        record(
                Kind.VIP,
                event.router(),
                event.text(),
                Map.of("vip", event.address().toString(), "what", label(event.kind())));
    }

    /** What differs between two verdicts of a router. */
    void verdict(String router, Verdict former, Verdict latest) {
        for (TrackView view : latest.views()) {
            boolean same = former.views().stream()
                    .anyMatch(before -> before.name().equals(view.name())
                            && before.up() == view.up()
                            && before.known() == view.known());
            if (!same && view.known()) {
                String state = view.up() ? "up" : "down";
                record(
                        Kind.TRACK,
                        router,
                        view.name() + " is " + state + (view.evidence().isEmpty() ? "" : ": " + view.evidence()),
                        Map.of("track", view.name(), "state", state));
            }
        }
        if (former.priority() != latest.priority()) {
            record(
                    Kind.PRIORITY,
                    router,
                    "priority " + former.priority() + " -> " + latest.priority(),
                    Map.of(
                            "from", Integer.toString(former.priority()),
                            "to", Integer.toString(latest.priority())));
        }
    }

    private static String label(Enum<?> kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private void record(Kind kind, String subject, String text, Map<String, String> details) {
        recorder.record(new VrrpEvent(kind, subject, text, details));
    }
}
