package io.penstock.forwarder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** A host without libbpf, or with one that is too old. */
class LibbpfTest {
    @Test
    void shouldSayWhatToInstall() {
        BpfException missing = assertThrows(BpfException.class, () -> Libbpf.load("libbpf.so.99"));
        assertTrue(
                missing.getMessage()
                        .startsWith("libbpf.so.99 cannot be loaded (Debian and Ubuntu: apt-get install libbpf1): "),
                missing.getMessage());
    }

    /** Any other library lacks functions, as an older libbpf would. */
    @Test
    void shouldSayWhatALibraryLacks() {
        BpfException old = assertThrows(BpfException.class, () -> Libbpf.load("libc.so.6"));
        assertEquals("libc.so.6 lacks functions of libbpf 1.0, it is older or something else", old.getMessage());
    }
}
