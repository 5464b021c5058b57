package io.penstock.forwarder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.Errno;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Objects: loaded, pinned, taken over, refused. */
class BpfObjectIT {
    private Path pins;

    @BeforeEach
    void make() throws Exception {
        BpfRig.assumeLoadable();
        pins = BpfRig.pins();
    }

    @AfterEach
    void remove() throws Exception {
        if (pins != null) {
            BpfPins.remove(pins);
        }
    }

    @Test
    void shouldKeepPinnedMapsForTheNextObject() throws Exception {
        try (BpfObject first = BpfObject.open("sample.bpf.o")) {
            first.pin(pins);
            first.load();
            first.map("table").update(BpfRig.ofInt(1), BpfRig.ofLong(11));
        }
        try (BpfObject second = BpfObject.open("sample.bpf.o")) {
            second.pin(pins);
            second.load();
            UnsafeBuffer value = Memory.zeroed(Long.BYTES);
            assertTrue(second.map("table").lookup(BpfRig.ofInt(1), value));
            assertEquals(11, value.getLong(0, ByteOrder.nativeOrder()));
        }
        try (BpfMap pinned = BpfMap.openPinned(pins.resolve("table"))) {
            assertEquals(new MapShape(1, 4, 8, 16, 0), pinned.shape());
        }
    }

    @Test
    void shouldRefusePinnedMapsOfAnotherShapeAndLeaveThemAlone() throws Exception {
        try (BpfObject first = BpfObject.open("sample.bpf.o")) {
            first.entries("table", 8);
            first.pin(pins);
            first.load();
        }
        try (BpfObject second = BpfObject.open("sample.bpf.o")) {
            second.pin(pins);
            BpfException refused = assertThrows(BpfException.class, second::load);
            assertEquals(Errno.EINVAL, refused.errno());
            assertEquals(
                    "cannot load sample.bpf.o: maps of another shape are pinned, refused; what is attached keeps running: "
                            + pins.resolve("table")
                            + " is type 1, keys of 4 and values of 8 octets, 8 entries, flags 0x0,"
                            + " this version needs type 1, keys of 4 and values of 8 octets, 16 entries, flags 0x0",
                    refused.getMessage());
        }
        try (BpfMap pinned = BpfMap.openPinned(pins.resolve("table"))) {
            assertEquals(8, pinned.shape().entries());
        }
    }

    @Test
    void shouldSayWhatTheVerifierSaidLast() throws Exception {
        try (BpfObject object = BpfObject.open("refused.bpf.o")) {
            BpfException refused = assertThrows(BpfException.class, object::load);
            assertTrue(
                    refused.getMessage()
                            .startsWith(
                                    "cannot load refused.bpf.o: the kernel's verifier refused program reads_too_far"),
                    refused.getMessage());
            assertTrue(refused.getMessage().contains("invalid access to packet"), refused.getMessage());
        }
    }

    @Test
    void shouldPinNothingWhenTheVerifierRefuses() throws Exception {
        try (BpfObject object = BpfObject.open("refused.bpf.o")) {
            object.pin(pins);
            assertThrows(BpfException.class, object::load);
        }
        try (var left = Files.list(pins)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void shouldSayThatItIsNoObject() {
        BpfException refused =
                assertThrows(BpfException.class, () -> BpfObject.open("noise", new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
        assertTrue(refused.getMessage().startsWith("cannot open noise: "), refused.getMessage());
        BpfException missing = assertThrows(BpfException.class, () -> BpfObject.open("nothing.bpf.o"));
        assertEquals("nothing.bpf.o is not in this program: it was built without clang", missing.getMessage());
    }

    @Test
    void shouldSayThatNothingIsPinned() {
        BpfException missing = assertThrows(BpfException.class, () -> BpfMap.openPinned(pins.resolve("table")));
        assertEquals(
                "no map at " + pins.resolve("table") + ": no such file or directory (ENOENT)", missing.getMessage());
    }

    @Test
    void shouldCloseDescriptors() throws Exception {
        BpfRig.sample().close();
        long before = openFiles();
        for (int i = 0; i < 3; i++) {
            try (BpfObject sample = BpfRig.sample();
                    RingMap ring = RingMap.create(101)) {
                assertFalse(sample.map("table").fd() == ring.fd());
            }
        }
        assertEquals(before, openFiles());
    }

    private static long openFiles() throws Exception {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }
}
