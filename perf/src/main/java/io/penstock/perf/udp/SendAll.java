package io.penstock.perf.udp;

import io.penstock.linux.SendBatch;
import io.penstock.linux.Syscalls;

/** Sends a batch without giving up at the first message that the kernel refuses. */
public final class SendAll {
    private SendAll() {}

    /** How many went; one that is refused is passed over. */
    public static int send(SendBatch batch, Syscalls syscalls, int fd) {
        int sent = 0;
        int next = 0;
        while (next < batch.size()) {
            int result = batch.send(syscalls, fd, next);
            sent += Math.max(0, result);
            next += Math.max(1, result);
        }
        return sent;
    }
}
