package io.penstock.perf.compare;

/** What a proxy can be tuned for. */
enum Tuning {
    /** Small messages on connections that stay. */
    MESSAGES,
    /** Connections that come and go, the client speaking first. */
    CONNECTIONS,
    /** A few connections that carry as much as they can. */
    BULK,
    /** Thousands of connections. */
    CROWD
}
