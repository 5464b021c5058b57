package io.penstock.forwarder.control;

import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.PacketTable;
import java.util.Optional;
import java.util.OptionalInt;

/** The data plane of packets, beside the workers, which have connections. Safe from the control thread. */
public interface PacketPlane {
    /** Of a process that has no service in {@code mode: dsr}. */
    PacketPlane NONE = new PacketPlane() {
        @Override
        public void onTable(PacketTable table) {}

        @Override
        public boolean isThere() {
            return false;
        }

        @Override
        public Optional<Boolean> leftUp(String service, Backend.Key backend) {
            return Optional.empty();
        }

        @Override
        public OptionalInt probeMark(String service, Backend.Key backend) {
            return OptionalInt.empty();
        }

        @Override
        public boolean reaches(String service, Backend.Key backend) {
            return false;
        }

        @Override
        public Optional<String> trouble() {
            return Optional.empty();
        }

        @Override
        public void onControlTurn() {}
    };

    /** Takes note of the newest table, and returns at once. */
    void onTable(PacketTable table);

    /** Whether this process has it; while another one does, nobody knows marks. */
    boolean isThere();

    /** Whether a process before this one left the backend as healthy; empty when it left none, or not this one. */
    Optional<Boolean> leftUp(String service, Backend.Key backend);

    /**
     * The mark (SO_MARK) of packets to the service's address that shall go to this backend, the same as long as the backend
     * is known; empty where there is none.
     */
    OptionalInt probeMark(String service, Backend.Key backend);

    /** Whether packets with its mark get onto the cable by now: what the plane is only learning is lost, and so is a probe. */
    boolean reaches(String service, Backend.Key backend);

    /** Why packets are not forwarded as the last table says, or nobody looks after them; empty when all is well. Any thread. */
    Optional<String> trouble();

    /** Health is looked at still: told several times a second, or it counts no more. */
    void onControlTurn();
}
