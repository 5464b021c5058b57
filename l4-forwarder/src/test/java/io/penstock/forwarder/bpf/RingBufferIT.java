package io.penstock.forwarder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What programs tell through a ring buffer. */
class RingBufferIT {
    @Test
    void shouldHandOverInOrderWhatProgramsSaid() throws Exception {
        BpfRig.assumeLoadable();
        List<Long> lengths = new ArrayList<>();
        try (BpfObject sample = BpfRig.sample();
                RingBuffer events = RingBuffer.open(
                        sample.map("events"), event -> lengths.add(event.getLong(0, ByteOrder.nativeOrder())))) {
            assertEquals(0, events.poll(0));
            for (int length = 60; length < 63; length++) {
                sample.program("tell_length").run(new byte[length], 1);
            }
            assertEquals(3, events.poll(1000));
        }
        assertEquals(List.of(60L, 61L, 62L), lengths);
    }

    @Test
    void shouldPassOnWhatTheConsumerThrows() throws Exception {
        BpfRig.assumeLoadable();
        try (BpfObject sample = BpfRig.sample();
                RingBuffer events = RingBuffer.open(sample.map("events"), event -> {
                    throw new IllegalStateException("enough");
                })) {
            sample.program("tell_length").run(new byte[60], 1);
            assertThrows(IllegalStateException.class, () -> events.poll(1000));
            assertEquals(0, events.poll(0));
        }
    }
}
