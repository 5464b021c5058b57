package io.penstock.vrrp.it;

/** A VRRP speaker on a host, as a process that a test starts, signals and starts again. */
interface Member {
    Port port();

    int priority();

    /** Returns when it speaks VRRP, or listens. */
    void start() throws Exception;

    /** SIGTERM; returns when it has ended. */
    void terminate() throws Exception;

    /** SIGKILL. */
    void kill() throws Exception;

    /** SIGSTOP. */
    void freeze() throws Exception;

    /** SIGCONT. */
    void thaw() throws Exception;

    boolean isRunning();

    /** Whether its addresses go with it even when it is killed; those of others stay on the host. */
    boolean leavesNothing();

    /** Whether an owner tells the network anew when another has claimed the VIP meanwhile. */
    boolean announcesAgain();

    String log();

    /** Ends it whatever state it is in. */
    void end() throws Exception;
}
