package io.penstock.vrrp.event;

import java.util.Map;

/**
 * A hook at one moment. A value.
 *
 * @param name its command in one line
 * @param queued events that it has still to be told
 * @param missed events that it will never be told, because too many came at a time
 * @param runs how often it ended in which way
 * @param last how it ended the last time, for people; empty before
 */
public record HookView(String name, int queued, long missed, Map<HookResult, Long> runs, String last) {
    public HookView {
        runs = Map.copyOf(runs);
    }

    HookView named(String other) {
        return new HookView(other, queued, missed, runs, last);
    }
}
