package io.penstock.forwarder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.NetworkNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Filters on what leaves, on a cable in a network namespace of the test's own. */
class TcFilterIT {
    private static final int PRIORITY = 10;
    private static final int HANDLE = 0x7e;

    private NetworkNamespace namespace;
    private BpfObject sample;
    private int ifindex;

    @BeforeEach
    void make() throws Exception {
        BpfRig.assumeLoadable();
        namespace = NetworkNamespace.create();
        namespace.addCable("bpf0", "bpf1");
        ifindex = namespace.call(() -> NetworkInterfaces.index("bpf0"));
        sample = BpfRig.sample();
    }

    @AfterEach
    void remove() {
        if (sample != null) {
            sample.close();
            namespace.close();
        }
    }

    private TcFilter attach(String program) throws Exception {
        return namespace.call(() -> TcFilter.attachEgress(sample.program(program), ifindex, PRIORITY, HANDLE));
    }

    private void close(TcFilter filter) throws Exception {
        namespace.call(() -> {
            filter.close();
            return filter;
        });
    }

    private String filters() throws Exception {
        return namespace.run("tc", "filter", "show", "dev", "bpf0", "egress");
    }

    @Test
    void shouldAttachUntilItIsClosed() throws Exception {
        TcFilter filter = attach("let_leave");
        assertTrue(filters().contains("let_leave"), filters());
        close(filter);
        assertEquals("", filters());
    }

    @Test
    void shouldPutTheLaterInTheFormersPlaceAndLeaveItThere() throws Exception {
        TcFilter former = attach("let_leave");
        TcFilter later = attach("let_none_leave");
        assertTrue(filters().contains("let_none_leave"), filters());
        close(former);
        assertTrue(filters().contains("let_none_leave"), filters());
        close(later);
        assertEquals("", filters());
    }

    @Test
    void shouldSayThatThereIsNoSuchInterface() {
        BpfException refused = assertThrows(
                BpfException.class,
                () -> namespace.call(
                        () -> TcFilter.attachEgress(sample.program("let_leave"), 99_999, PRIORITY, HANDLE)));
        assertEquals(
                "cannot attach program let_leave to what leaves interface number 99999: no such interface (ENODEV)",
                refused.getMessage());
    }
}
