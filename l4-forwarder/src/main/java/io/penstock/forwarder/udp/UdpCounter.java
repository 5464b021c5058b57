package io.penstock.forwarder.udp;

/** What a worker counts about UDP. */
public enum UdpCounter {
    /** Datagrams that came from clients, whatever became of them. */
    DATAGRAMS_FROM_CLIENTS,
    /** Datagrams handed to backends. */
    DATAGRAMS_TO_BACKENDS,
    /** Datagrams that came from backends. */
    DATAGRAMS_FROM_BACKENDS,
    /** Datagrams handed to clients. */
    DATAGRAMS_TO_CLIENTS,
    /** Payload bytes handed to backends. */
    BYTES_TO_BACKENDS,
    /** Payload bytes handed to clients. */
    BYTES_TO_CLIENTS,
    /** Messages of several datagrams that came from the kernel in one piece (UDP_GRO). */
    GROUPS_RECEIVED,
    /** Messages of several datagrams that were given to the kernel in one piece (UDP_SEGMENT). */
    GROUPS_SENT,
    /** Groups that the kernel would not cut, so that each datagram was sent by itself. */
    GROUPS_REFUSED,
    /** Datagrams that were longer than the memory for them, and were dropped. */
    TRUNCATED,
    /** The kernel refused to say what a listener's socket received. */
    RECEIVE_FAILED,
    /** Datagrams of clients that the kernel dropped: a listener's receive buffer was full, or their checksum was wrong. */
    RECEIVE_BUFFER_DROPS,
    /** Sessions opened. */
    SESSIONS_OPENED,
    /** Sessions that another process had, and that go on in this one. */
    SESSIONS_ADOPTED,
    /** Sessions of another process that ended, as this one does not have their listener or their backend. */
    ADOPTION_FAILED,
    /** Datagrams of clients without a session, for which there was no room in the queue, and which were dropped. */
    NEWCOMERS_DROPPED,
    /** Datagrams of newcomers refused, because the forwarder is about to stop, or their listener is closed by now. */
    REFUSED_STOPPING,
    /** Datagrams of newcomers refused, because their service takes nobody: it is closed, or no longer configured. */
    REFUSED_NO_SERVICE,
    /** Datagrams of newcomers refused, because the pool has no eligible backend. */
    REFUSED_NO_BACKEND,
    /** Datagrams of newcomers refused, because no backend has room. */
    REFUSED_BACKENDS_FULL,
    /** Datagrams of newcomers refused by the service's lists of addresses. */
    REFUSED_DENIED,
    /** Datagrams of newcomers refused, because their source has as many sessions as it may. */
    REFUSED_SOURCE_SESSIONS,
    /** Datagrams of newcomers refused, because their source opens sessions faster than it may. */
    REFUSED_SOURCE_RATE,
    /** Datagrams of newcomers refused by the service's rate. */
    REFUSED_RATE,
    /** Datagrams of newcomers refused at the limit of the service or of all services, where nobody had to yield to them. */
    REFUSED_FULL,
    /** Datagrams of newcomers refused at the limit of all sessions or for want of descriptors, where nobody had to yield to them. */
    REFUSED_NO_RESOURCES,
    /** Datagrams of newcomers refused, because this host has no port left towards any backend. */
    REFUSED_NO_PORT,
    /** Datagrams of newcomers refused, because no source of the pool can be used. */
    REFUSED_NO_SOURCE,
    /** A source's session was not counted, because all places that its hash could have were taken. */
    SOURCES_UNTRACKED,
    /** A backend that was picked had no room, being at a limit or on trial, and another was looked for. */
    PLACES_REFUSED,
    /** The kernel knows no way to a backend that was picked, and another was looked for. */
    CONNECT_FAILED,
    /** A backend's host said that nobody listens there (ICMP), or there was no way to it. */
    BACKENDS_UNREACHABLE,
    /** Sessions that went on with another backend, their own being down. */
    REHOMED,
    /** Datagrams to backends that the kernel refused as too long. */
    TO_BACKENDS_TOO_LONG,
    /** Datagrams to backends dropped at a full queue of a socket or an interface. */
    TO_BACKENDS_QUEUE_FULL,
    /** Datagrams to backends that failed in another way. */
    TO_BACKENDS_FAILED,
    /** Datagrams to clients that the kernel refused as too long. */
    TO_CLIENTS_TOO_LONG,
    /** Datagrams to clients dropped at a full queue of a socket or an interface. */
    TO_CLIENTS_QUEUE_FULL,
    /** Datagrams to clients that failed in another way: a firewall forbids them, or there is no route. */
    TO_CLIENTS_FAILED,
    /** Events of a session that ended; dropped. */
    STALE_EVENTS,
    /** Nothing came from either side for as long as the service allows. */
    ENDED_IDLE,
    /** Each datagram had its replies. */
    ENDED_COMPLETED,
    /** The oldest without a reply yielded to a newcomer. */
    EVICTED_ONE_WAY,
    /** The oldest whose client has not spoken since the first reply yielded to a newcomer. */
    EVICTED_ANSWERED,
    /** There was no descriptor, memory or port to go on with another backend. */
    ENDED_NO_RESOURCES,
    /** Its listener was closed. */
    ENDED_LISTENER_CLOSED,
    /** Ended for a drain. */
    ENDED_DRAINED,
    /** Ended at the operator's word. */
    ENDED_KILLED,
    /** Another process goes on with it, or has it back. */
    ENDED_HANDED_OVER,
    /** Still open when the worker ended. */
    ENDED_STOPPED
}
