package io.penstock.forwarder.worker;

/** What the controller may ask of a worker; each is obeyed between two events. */
enum WorkerCommand {
    /** Close the listeners, let connections finish, then end the thread. */
    DRAIN,
    /** Reset what is open and end the thread. */
    STOP
}
