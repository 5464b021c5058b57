package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.config.Rate;
import io.penstock.forwarder.config.AdmissionConfig;
import io.penstock.forwarder.config.AdmissionConfig.PerSource;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.config.ServiceConfig.Tcp;
import io.penstock.forwarder.config.ServiceConfig.Timeouts;
import io.penstock.forwarder.table.Admission;
import io.penstock.forwarder.table.Admission.Hold;
import io.penstock.forwarder.table.SourceTable;
import io.penstock.net.IpPrefix;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class AdmissionsTest {
    private static final OptionalInt NO_LIMIT = OptionalInt.empty();

    private final Admissions admissions = new Admissions();

    @Test
    void shouldCostNothingWhereNothingIsLimited() {
        assertSame(Admission.OPEN, configured(AdmissionConfig.OPEN, NO_LIMIT));
        assertNotSame(Admission.OPEN, configured(AdmissionConfig.OPEN, OptionalInt.of(5)));
        assertSame(Admission.OPEN, configured(AdmissionConfig.OPEN, NO_LIMIT));
    }

    @Test
    void shouldStayTheSameUntilItsConfigurationChanges() {
        Admission first = configured(connections(2), NO_LIMIT);
        assertSame(first, configured(connections(2), NO_LIMIT));
        assertNotSame(first, configured(connections(3), NO_LIMIT));
    }

    @Test
    void shouldGoOnCountingOverConfigurations() {
        Admission two = configured(connections(2), OptionalInt.of(9));
        assertEquals(Hold.NONE, two.tryEnter(0));
        assertEquals(Hold.NONE, two.tryEnter(0));
        Admission three = configured(connections(3), OptionalInt.of(9));
        assertEquals(Hold.NONE, three.tryEnter(0));
        assertEquals(Hold.SERVICE_FULL, three.tryEnter(0));
        admissions.onConfig(List.of(), OptionalInt.of(3), 0);
        Admission back = configured(connections(5), OptionalInt.of(3));
        assertEquals(Hold.PROCESS_FULL, back.tryEnter(0));
        two.leave(SourceTable.UNTRACKED);
        assertEquals(Hold.NONE, back.tryEnter(0));
    }

    @Test
    void shouldShareTheProcessLimitBetweenServices() {
        admissions.onConfig(
                List.of(service("one", AdmissionConfig.OPEN), service("two", AdmissionConfig.OPEN)),
                OptionalInt.of(2),
                0);
        assertEquals(Hold.NONE, admissions.of("one").tryEnter(0));
        assertEquals(Hold.NONE, admissions.of("two").tryEnter(0));
        assertEquals(Hold.PROCESS_FULL, admissions.of("one").tryEnter(0));
    }

    @Test
    void shouldKeepSourcesWhenOnlyTheirLimitsChange() {
        Admission one = configured(perSource(1, 64), NO_LIMIT);
        int source = one.admit(1, 2, 0);
        assertTrue(source >= 0);
        assertEquals(
                SourceTable.TOO_MANY, configured(perSource(1, 64), NO_LIMIT).admit(1, 2, 0));
        Admission two = configured(perSource(2, 64), NO_LIMIT);
        assertTrue(two.admit(1, 2, 0) >= 0);
        assertEquals(SourceTable.TOO_MANY, two.admit(1, 2, 0));
        one.leave(source);
        assertTrue(two.admit(1, 2, 0) >= 0, "left by the admission that it came in by");
        assertTrue(configured(perSource(2, 56), NO_LIMIT).admit(1, 2, 0) >= 0, "another prefix, another source");
    }

    @Test
    void shouldHoldATenthOfASecondAtMost() {
        Admission admission = configured(
                new AdmissionConfig(
                        Optional.empty(),
                        List.of(),
                        OptionalInt.empty(),
                        Optional.of(Rate.perSecond(50)),
                        Optional.empty()),
                NO_LIMIT);
        for (int i = 0; i < 5; i++) {
            assertEquals(Hold.NONE, admission.tryEnter(0));
        }
        assertEquals(Hold.RATE, admission.tryEnter(0));
        assertEquals(20_000_000, admission.waitNs(0));
    }

    @Test
    void shouldDenyOthersOnlyWhereSomebodyIsAllowed() {
        List<IpPrefix> net = List.of(IpPrefix.parse("10.0.0.0/8").orElseThrow());
        AdmissionConfig deny =
                new AdmissionConfig(Optional.empty(), net, OptionalInt.empty(), Optional.empty(), Optional.empty());
        AdmissionConfig allow = new AdmissionConfig(
                Optional.of(net), List.of(), OptionalInt.empty(), Optional.empty(), Optional.empty());
        long inside = net.get(0).first().low() + 1;
        assertEquals(Admission.DENIED, configured(deny, NO_LIMIT).admit(0, inside, 0));
        assertEquals(SourceTable.UNTRACKED, configured(deny, NO_LIMIT).admit(5, 5, 0));
        assertEquals(SourceTable.UNTRACKED, configured(allow, NO_LIMIT).admit(0, inside, 0));
        assertEquals(Admission.DENIED, configured(allow, NO_LIMIT).admit(5, 5, 0));
    }

    private Admission configured(AdmissionConfig config, OptionalInt process) {
        admissions.onConfig(List.of(service("web", config)), process, 0);
        return admissions.of("web");
    }

    private static AdmissionConfig connections(int max) {
        return new AdmissionConfig(
                Optional.empty(), List.of(), OptionalInt.of(max), Optional.empty(), Optional.empty());
    }

    private static AdmissionConfig perSource(int max, int ipv6Prefix) {
        return new AdmissionConfig(
                Optional.empty(),
                List.of(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.of(new PerSource(OptionalInt.of(max), Optional.empty(), 1, 32, ipv6Prefix, 1024)));
    }

    private static ServiceConfig service(String name, AdmissionConfig admission) {
        Timeouts timeouts = new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));
        Tcp tcp = new Tcp(Optional.empty(), Optional.empty(), Optional.empty());
        return new ServiceConfig(name, List.of(), name, List.of(), timeouts, 1, tcp, admission, Optional.empty());
    }
}
