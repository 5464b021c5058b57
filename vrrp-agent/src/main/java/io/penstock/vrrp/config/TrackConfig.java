package io.penstock.vrrp.config;

import io.penstock.health.HealthPlan;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.serving.ForwarderQuestion;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * What the priority of a virtual router depends on.
 *
 * <p>With a weight below 0 that is added while it is down, with one above 0 while it is up; without a weight the router is in a fault
 * while it is down.
 */
public sealed interface TrackConfig {
    /** Within its router; in metrics and logs. */
    String name();

    /** From -253 to 253, not 0; empty when a fault follows. */
    OptionalInt weight();

    /** An interface that is up and has a carrier. */
    record Interface(String name, OptionalInt weight, String interfaceName) implements TrackConfig {}

    /** A forwarder on this host that serves a VIP; the router's first one unless another is named. */
    record Forwarder(String name, OptionalInt weight, ForwarderQuestion question, IpAddress vip)
            implements TrackConfig {}

    /** Checks of the agent's own: TCP, HTTP, exec and so on. */
    record Checks(String name, OptionalInt weight, Endpoint target, HealthPlan plan) implements TrackConfig {}

    /**
     * A file with a number in it, from -254 to 254; that times the weight (1 without one) is added to the priority. A file that is missing
     * or has no number in it counts as 0, which changes nothing. When -254 or less would be added, that is a fault, as in keepalived.
     */
    record File(String name, OptionalInt weight, Path path) implements TrackConfig {}
}
