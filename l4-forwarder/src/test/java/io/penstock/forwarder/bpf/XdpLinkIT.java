package io.penstock.forwarder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.Errno;
import io.penstock.testing.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Links, on a cable in a network namespace of the test's own. */
class XdpLinkIT {
    private NetworkNamespace namespace;
    private BpfObject sample;
    private Path pins;
    private int ifindex;

    @BeforeEach
    void make() throws Exception {
        BpfRig.assumeLoadable();
        namespace = NetworkNamespace.create();
        namespace.addCable("bpf0", "bpf1");
        ifindex = namespace.call(() -> NetworkInterfaces.index("bpf0"));
        sample = BpfRig.sample();
        pins = BpfRig.pins();
    }

    @AfterEach
    void remove() throws Exception {
        if (pins != null) {
            BpfPins.remove(pins);
            sample.close();
            namespace.close();
        }
    }

    private XdpLink attach(String program, AttachMode mode) throws Exception {
        return namespace.call(() -> XdpLink.attach(sample.program(program), ifindex, mode));
    }

    private Optional<AttachedXdp> attached() throws Exception {
        return namespace.call(() -> AttachedXdp.of(ifindex));
    }

    @ParameterizedTest
    @EnumSource(AttachMode.class)
    void shouldAttachUntilItIsClosed(AttachMode mode) throws Exception {
        try (XdpLink link = attach("let_pass", mode)) {
            assertEquals(sample.program("let_pass").id(), link.programId());
            assertEquals(OptionalInt.of(ifindex), link.ifindex());
            assertEquals(Optional.of(new AttachedXdp(link.programId(), mode == AttachMode.NATIVE ? 1 : 2)), attached());
        }
        assertEquals(Optional.empty(), attached());
    }

    @Test
    void shouldOutliveItsHolderWhenPinnedAndTakeAnotherProgram() throws Exception {
        Path pin = pins.resolve("link-bpf0");
        try (XdpLink link = attach("let_pass", AttachMode.NATIVE)) {
            link.pin(pin);
        }
        assertEquals(sample.program("let_pass").id(), attached().orElseThrow().programId());
        try (XdpLink again = XdpLink.openPinned(pin).orElseThrow()) {
            again.update(sample.program("count_and_drop"));
            assertEquals(
                    sample.program("count_and_drop").id(),
                    attached().orElseThrow().programId());
            again.detach(pin);
            assertEquals(Optional.empty(), attached());
            assertEquals(OptionalInt.empty(), again.ifindex());
        }
        assertTrue(Files.notExists(pin));
        assertEquals(Optional.empty(), XdpLink.openPinned(pin));
    }

    @Test
    void shouldNoticeThatTheInterfaceIsGone() throws Exception {
        try (XdpLink link = attach("let_pass", AttachMode.NATIVE)) {
            namespace.ip("link delete bpf0");
            assertEquals(OptionalInt.empty(), link.ifindex());
        }
    }

    @Test
    void shouldSayWhatElseIsAttached() throws Exception {
        try (XdpLink link = attach("let_pass", AttachMode.NATIVE)) {
            BpfException refused = assertThrows(BpfException.class, () -> attach("count_and_drop", AttachMode.NATIVE));
            assertEquals(Errno.EBUSY, refused.errno());
            assertEquals(
                    "cannot attach to interface bpf0: another XDP program is attached (program id " + link.programId()
                            + ", native): only one can be; 'bpftool net' shows whose it is (EBUSY)",
                    refused.getMessage());
        }
    }

    @Test
    void shouldSayThatAProgramOfIpIsAttached() throws Exception {
        Path object = Files.createTempFile("sample", ".o");
        try (var in = BpfRig.class.getResourceAsStream("/io/penstock/forwarder/xdp/sample.bpf.o")) {
            Files.write(object, in.readAllBytes());
            namespace.ip("link set bpf0 xdpgeneric object " + object + " section xdp");
            BpfException refused = assertThrows(BpfException.class, () -> attach("let_pass", AttachMode.NATIVE));
            assertTrue(
                    refused.getMessage().contains("another XDP program is attached (program id "), refused::getMessage);
            assertTrue(refused.getMessage().contains(", generic)"), refused::getMessage);
        } finally {
            Files.delete(object);
        }
    }

    @Test
    void shouldSayThatADriverCannot() throws Exception {
        namespace.ip("link add br0 type bridge");
        int bridge = namespace.call(() -> NetworkInterfaces.index("br0"));
        BpfException refused = assertThrows(
                BpfException.class,
                () -> namespace.call(() -> XdpLink.attach(sample.program("let_pass"), bridge, AttachMode.NATIVE)));
        assertEquals(Errno.EOPNOTSUPP, refused.errno());
        assertEquals(
                "cannot attach to interface br0: its driver cannot run XDP programs; attach: generic runs them in the"
                        + " stack, slower (EOPNOTSUPP)",
                refused.getMessage());
    }

    @Test
    void shouldSayWhichInterfacesThereAre() throws Exception {
        BpfException unknown =
                assertThrows(BpfException.class, () -> namespace.call(() -> NetworkInterfaces.index("eth9")));
        assertEquals("no interface eth9 here; there are: bpf0, bpf1, lo", unknown.getMessage());
        BpfException refused = assertThrows(
                BpfException.class,
                () -> namespace.call(() -> XdpLink.attach(sample.program("let_pass"), 99_999, AttachMode.NATIVE)));
        assertEquals("cannot attach to interface number 99999: no such interface (ENODEV)", refused.getMessage());
    }

    @Test
    void shouldNotTakeAMapForALink() throws Exception {
        try (BpfObject pinned = BpfObject.open("sample.bpf.o")) {
            pinned.pin(pins);
            pinned.load();
        }
        assertThrows(BpfException.class, () -> XdpLink.openPinned(pins.resolve("table")));
    }
}
