package io.penstock.forwarder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is missing, in the words of an operator. */
class RequirementsTest {
    @ParameterizedTest
    @ValueSource(strings = {"5.15", "5.15.0-91-generic", "6.1.0-18-amd64", "10.0.1", "6.18.5+", "custom"})
    void shouldTakeAKernelThatIsNewEnough(String release) {
        assertEquals(List.of(), Requirements.ofKernel(release));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.10.0-28-amd64", "5.4.0-150-generic", "4.19.0-26-amd64", "3.10.0-1160.el7.x86_64"})
    void shouldSayThatAKernelIsTooOld(String release) {
        assertEquals(
                List.of("kernel " + release + " is too old for XDP: 5.15 or newer is needed"),
                Requirements.ofKernel(release));
    }

    @ParameterizedTest
    @CsvSource({
        "000001ffffffffff, ",
        "000000c000001000, ",
        "0000000000201000, ",
        "0000000000000000, 'CAP_BPF, CAP_NET_ADMIN, CAP_PERFMON'",
        "0000004000001000, CAP_BPF",
        "0000008000001000, CAP_PERFMON",
        "0000000000200000, CAP_NET_ADMIN",
    })
    void shouldSayWhichCapabilitiesAreMissing(String effective, String missing) {
        List<String> expected = missing == null
                ? List.of()
                : List.of("this process lacks " + missing
                        + ": XDP takes CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON, or root");
        assertEquals(
                expected,
                Requirements.ofCapabilities("Name:\tjava\nCapPrm:\t0000000000000000\nCapEff:\t" + effective + "\n"));
    }

    @Test
    void shouldSayNothingWhereThereIsNoProc() {
        assertEquals(List.of(), Requirements.ofCapabilities(""));
        assertEquals(List.of(), Requirements.ofKernel(""));
    }
}
