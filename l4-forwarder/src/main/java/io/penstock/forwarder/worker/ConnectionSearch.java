package io.penstock.forwarder.worker;

import io.penstock.forwarder.tcp.ConnectionDetails;
import io.penstock.forwarder.tcp.TcpForwarder;
import java.util.function.Consumer;

/** Finds the connections that fit a test. One that is opened meanwhile may be found or not; none is found twice. */
final class ConnectionSearch implements WorkerTask {
    /** Each is a few cache misses. */
    static final int SLOTS_PER_STEP = 1024;

    private final ConnectionTest test;
    private final Consumer<ConnectionList> answer;
    private final ConnectionDetails details = new ConnectionDetails();
    private final ConnectionList found = new ConnectionList();
    private int slot;

    /** @param answer called on the worker's thread; must not block */
    ConnectionSearch(ConnectionTest test, Consumer<ConnectionList> answer) {
        this.test = test;
        this.answer = answer;
    }

    @Override
    public boolean step(TcpForwarder tcp) {
        int end = Math.min(tcp.slots(), slot + SLOTS_PER_STEP);
        for (; slot < end; slot++) {
            if (tcp.tryDescribe(slot, details)) {
                found.add(details);
                if (!test.fits(found, found.size() - 1)) {
                    found.removeLast();
                }
            }
        }
        boolean done = slot == tcp.slots();
        if (done) {
            answer.accept(found);
        }
        return done;
    }

    @Override
    public void abandon() {
        answer.accept(new ConnectionList());
    }
}
