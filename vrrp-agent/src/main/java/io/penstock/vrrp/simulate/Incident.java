package io.penstock.vrrp.simulate;

import java.time.Duration;

/** Something that happens to hosts or between them. */
public sealed interface Incident {
    /** The agent is started, as the first time or again; it remembers nothing. */
    record Start(String host) implements Incident {}

    /** The agent is asked to stop. */
    record Stop(String host) implements Incident {}

    /** The agent is gone at once; its VIP stays until the lease ends. */
    record Kill(String host) implements Incident {}

    /** The agent does nothing for a while; what comes in waits, and its VIP stays until the lease ends. */
    record Freeze(String host) implements Incident {}

    /** The agent goes on. */
    record Thaw(String host) implements Incident {}

    /** Packets of one host do not reach another one any more. */
    record Cut(String from, String to) implements Incident {}

    /** They do again. */
    record Heal(String from, String to) implements Incident {}

    /** Tracking, or an operator, has changed the priority. */
    record Reprioritize(String host, int priority) implements Incident {}

    /** Something that the router depends on is missing. */
    record Fault(String host, String reason) implements Incident {}

    /** It is there again. */
    record Recover(String host) implements Incident {}

    /** An operator hands over. */
    record HandOver(String host, Duration holdOff) implements Incident {}
}
