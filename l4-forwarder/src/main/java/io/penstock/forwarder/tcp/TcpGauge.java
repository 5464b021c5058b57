package io.penstock.forwarder.tcp;

/** What a worker has and holds of TCP, as of its last turn. */
public enum TcpGauge {
    /** Connections that have more to move, and wait for another turn of the loop. */
    RUN_QUEUE("Connections that have more to move and wait for another turn."),
    /** Deadlines that are set. */
    TIMERS("Deadlines of connections that are set."),
    /** Pipes that hold bytes of a direction. */
    PIPES_IN_USE("Pipes that hold bytes on their way."),
    /** Empty pipes that are kept for the next transfers. */
    PIPES_FREE("Empty pipes kept for the next transfers."),
    /** Blocks that hold what was read from one side and not yet taken by the other. */
    REMAINDERS_IN_USE("Blocks of memory that hold bytes on their way."),
    /** Memory that such blocks take, used or kept for later. */
    REMAINDER_BYTES("Memory of such blocks, used or kept for later."),
    /** Clients in the kernel's queues of this worker's listeners; sampled. */
    ACCEPT_QUEUE("Clients that wait in the kernel to be accepted, as last sampled."),
    /** How many of the kernel's places are taken in the queue that is the fullest; sampled. */
    ACCEPT_QUEUE_PERCENT("How full the fullest of these queues is, as last sampled.");

    private final String help;

    TcpGauge(String help) {
        this.help = help;
    }

    /** For metrics. */
    public String help() {
        return help;
    }
}
