package io.penstock.forwarder.worker;

import io.penstock.forwarder.flow.ConnectionDetails;
import io.penstock.forwarder.flow.Flows;
import java.util.List;
import java.util.function.Consumer;

/** Finds the connections that fit a test. One that is opened meanwhile may be found or not; none is found twice. */
final class ConnectionSearch implements WorkerTask {
    /** Each is a few cache misses. */
    static final int SLOTS_PER_STEP = 1024;

    private final ConnectionTest test;
    private final Consumer<ConnectionList> answer;
    private final ConnectionDetails details = new ConnectionDetails();
    private final ConnectionList found = new ConnectionList();
    private int protocol;
    private int slot;

    /** @param answer called on the worker's thread; must not block */
    ConnectionSearch(ConnectionTest test, Consumer<ConnectionList> answer) {
        this.test = test;
        this.answer = answer;
    }

    @Override
    public boolean step(List<Flows> protocols) {
        Flows flows = protocols.get(protocol);
        int end = Math.min(flows.slots(), slot + SLOTS_PER_STEP);
        for (; slot < end; slot++) {
            if (flows.tryDescribe(slot, details)) {
                found.add(details);
                if (!test.fits(found, found.size() - 1)) {
                    found.removeLast();
                }
            }
        }
        if (slot == flows.slots()) {
            protocol++;
            slot = 0;
        }
        boolean done = protocol == protocols.size();
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
