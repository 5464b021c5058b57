package io.penstock.forwarder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the BPF file system is. */
class BpfPinsTest {
    @ParameterizedTest
    @CsvSource({
        "'bpf /sys/fs/bpf bpf rw,nosuid,mode=700 0 0', true",
        "'none /sys/fs/bpf bpf rw 0 0', true",
        "'sysfs /sys sysfs rw 0 0|bpf /sys/fs/bpf bpf rw 0 0', true",
        "'bpf /sys/fs/bpf bpf rw 0 0|tmpfs /sys/fs/bpf tmpfs rw 0 0', false",
        // As ip netns exec does it.
        "'bpf /sys/fs/bpf bpf rw 0 0|blue /sys sysfs rw 0 0', false",
        "'bpf /sys/fs/bpf/other bpf rw 0 0', false",
        "'sysfs /sys sysfs rw 0 0', false",
        "'', false",
    })
    void shouldKnowWhetherItIsMounted(String mounts, boolean mounted) {
        assertEquals(mounted, BpfPins.isMounted(mounts.replace('|', '\n')));
    }
}
