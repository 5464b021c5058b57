package io.penstock.forwarder.tcp;

/** What a worker counts about TCP. */
public enum TcpCounter {
    /** Clients accepted. */
    ACCEPTED,
    /** PROXY protocol headers that clients came with, and that were right. */
    PROXY_HEADERS,
    /** accept4 failed for want of descriptors or memory, and accepting was paused. */
    ACCEPT_PAUSED,
    /** The rate of a service was reached, and one of its listeners rested until it may go on. */
    HELD_BY_RATE,
    /** The connections of a service were at their limit, and one of its listeners began to wait. */
    HELD_BY_SERVICE,
    /** The connections of all services were at their limit, and a listener began to wait. */
    HELD_BY_PROCESS,
    /** A source's connection was not counted, because all places that its hash could have were taken. */
    SOURCES_UNTRACKED,
    /** A connect to a backend was refused, unreachable, late or otherwise failed. */
    CONNECT_FAILED,
    /** A further backend was tried for a connection. */
    CONNECT_RETRIED,
    /** There was no descriptor or memory for a backend's socket, and the connection waited a moment for one. */
    CONNECTS_STARVED,
    /** This host had no port left towards a backend, from any of the pool's sources, and another backend was tried. */
    PORTS_EXHAUSTED,
    /** No source of the pool could be used: none is this host's, or the client's address is of another family. */
    SOURCES_MISSING,
    /** A backend that was picked had no room, being at a limit or on trial, and another was looked for. */
    PLACES_REFUSED,
    /** No backend had room, and the connection began to wait in the pool's queue. */
    QUEUED,
    /** Every backend had failed for a connection, which waited a moment before it tried one of them again. */
    RETRIES_DELAYED,
    /** A backend accepted. */
    CONNECTED,
    /** Payload bytes handed to backends. */
    BYTES_TO_BACKENDS,
    /** Payload bytes handed to clients. */
    BYTES_TO_CLIENTS,
    /** Of these, payload bytes that went through a pipe and were never copied. */
    BYTES_SPLICED,
    /** The kernel gave no pipe, or too small a one, and bytes were copied instead. */
    PIPE_SHORTFALLS,
    /** A read left its data in the kernel because the memory for unsent rests was used up. */
    PEEKED_READS,
    /** Events of a closed connection that were still in the batch; dropped. */
    STALE_EVENTS,
    /** Ended by both sides. */
    CLOSED_COMPLETED,
    /** The client reset; the backend was reset. */
    CLOSED_CLIENT_RESET,
    /** The backend reset; the client was reset. */
    CLOSED_BACKEND_RESET,
    /** The client vanished: probes or data stayed without an answer; the backend was reset. */
    CLOSED_CLIENT_TIMED_OUT,
    /** The backend vanished: probes or data stayed without an answer; the client was reset. */
    CLOSED_BACKEND_TIMED_OUT,
    /** The client was gone before a backend was connected. */
    CLOSED_CLIENT_GONE,
    /** What was to be a PROXY protocol header is none, or ended before it was whole. */
    CLOSED_PROXY_HEADER_INVALID,
    /** The PROXY protocol header was not whole in time. */
    CLOSED_PROXY_HEADER_TIMEOUT,
    /** No backend could be connected within the attempts. */
    CLOSED_CONNECT_FAILED,
    /** The pool had no eligible backend. */
    CLOSED_NO_BACKEND,
    /** Its service takes nobody: the operator has closed it, or it is no longer configured. */
    CLOSED_NO_SERVICE,
    /** Waited in the pool's queue for longer than it allows. */
    CLOSED_QUEUE_TIMEOUT,
    /** No backend had room, and neither had the pool's queue, if it has one. */
    CLOSED_QUEUE_FULL,
    /** The client's address is denied, or not allowed. */
    CLOSED_DENIED,
    /** The client's source had as many connections as it may. */
    CLOSED_SOURCE_CONNECTIONS,
    /** Connections of the client's source came faster than they may. */
    CLOSED_SOURCE_RATE,
    /** The client sent nothing for longer than the service allows after the accept. */
    CLOSED_FIRST_BYTE_TIMEOUT,
    /** Out of descriptors or kernel memory. */
    CLOSED_NO_RESOURCES,
    /** No port was left towards any backend, and none became free within the connect timeout. */
    CLOSED_NO_PORT,
    /** There was no source to connect to any backend from. */
    CLOSED_NO_SOURCE,
    /** Idle for longer than the service allows. */
    CLOSED_IDLE_TIMEOUT,
    /** Half-closed and idle, or not flushed, for longer than the service allows. */
    CLOSED_FIN_TIMEOUT,
    /** Open for as long as the service allows. */
    CLOSED_LIFETIME,
    /** Reset by a drain, at its pace. */
    CLOSED_DRAINED,
    /** Reset at the operator's word. */
    CLOSED_KILLED,
    /** Still open when the process had to stop. */
    CLOSED_STOPPED
}
