package io.penstock.forwarder.worker;

import io.penstock.forwarder.flow.Flows;
import io.penstock.forwarder.udp.HandedSession;
import io.penstock.forwarder.udp.SessionTransfer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A part in the hand-over of a worker's UDP sessions to another process, in steps that others' events wait for. */
abstract class SessionTask implements WorkerTask {
    final SessionTransfer transfer;

    SessionTask(SessionTransfer transfer) {
        this.transfer = transfer;
    }

    @Override
    public void abandon() {}

    /** Pauses all sessions and says what they are. */
    static final class Pause extends SessionTask {
        private final List<HandedSession> sessions = new ArrayList<>();
        private final Consumer<List<HandedSession>> answer;

        Pause(SessionTransfer transfer, Consumer<List<HandedSession>> answer) {
            super(transfer);
            this.answer = answer;
        }

        @Override
        public boolean step(List<Flows> protocols) {
            boolean done = transfer.pauseSome(sessions);
            if (done) {
                answer.accept(sessions);
            }
            return done;
        }

        @Override
        public void abandon() {
            answer.accept(List.of());
        }
    }

    /** Goes on with all of them, and with newcomers. */
    static final class Resume extends SessionTask {
        Resume(SessionTransfer transfer) {
            super(transfer);
        }

        @Override
        public boolean step(List<Flows> protocols) {
            return transfer.resumeSome();
        }
    }

    /** Leaves them to the other process. */
    static final class Forget extends SessionTask {
        Forget(SessionTransfer transfer) {
            super(transfer);
        }

        @Override
        public boolean step(List<Flows> protocols) {
            return transfer.forgetSome();
        }
    }
}
