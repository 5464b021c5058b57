package io.penstock.forwarder.worker;

/** What another thread asks of a worker; obeyed between two turns, on the worker's thread. */
interface WorkerCommand {
    void obey(Worker worker);

    /** In place of {@link #obey}, when the worker has ended before it came to this. */
    default void abandon() {}
}
