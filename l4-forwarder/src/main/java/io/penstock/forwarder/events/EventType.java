package io.penstock.forwarder.events;

import io.penstock.events.Event;
import java.util.Locale;

/** What an event is about, and so what its subject names. */
public enum EventType implements Event.Type {
    /** A backend changed its state; {@code POOL/BACKEND}. */
    BACKEND,
    /** A pool has somebody to serve its clients, or nobody, or ignores health; its name. */
    POOL,
    /** A service was opened or closed to new clients; its name. */
    SERVICE,
    /** An address on which services listen is served, or is not; the address. */
    VIP,
    /** The configuration was read again; what asked for it. */
    RELOAD,
    /** An operator changed a backend; {@code POOL/BACKEND}. */
    OVERRIDE,
    /** Connections are brought to an end; whose, such as {@code backend web/web-1}. */
    DRAIN,
    /** An address is listened on, or is not any more; the address with its port. */
    LISTENER,
    /** Workers count what should not be; the counter's name. */
    TROUBLE,
    /** The data plane of packets; an interface, a service, {@code POOL/BACKEND}, or the plane's name. */
    XDP,
    /** The process as a whole; {@code forwarder}. */
    PROCESS;

    private final String label = name().toLowerCase(Locale.ROOT);

    @Override
    public String label() {
        return label;
    }
}
