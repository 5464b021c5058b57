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
        public OptionalInt probeMark(String service, Backend.Key backend) {
            return OptionalInt.empty();
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

    /**
     * The mark (SO_MARK) of packets to the service's address that shall go to this backend, the same as long as the backend
     * is known; empty where there is none.
     */
    OptionalInt probeMark(String service, Backend.Key backend);

    /** Why packets are not forwarded as the last table says; empty when they are. Any thread. */
    Optional<String> trouble();

    /** Health is looked at still: told several times a second, or it counts no more. */
    void onControlTurn();
}
