package io.penstock.bgp.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminCredentials;
import io.penstock.bgp.config.ThenConfig;
import io.penstock.bgp.handover.Errand.Order;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ErrandsTest {
    private final Errands errands = new Errands();

    private static Errand errand(String vip, int port, Order order) {
        AdminAddress server = AdminAddress.parse("127.0.0.1:" + port).orElseThrow();
        return new Errand(vip, new ThenConfig(server, AdminCredentials.NONE, vip), order);
    }

    @Test
    void shouldHaveNothingDueWhenNothingIsToBeSaid() {
        assertEquals(Optional.empty(), errands.due(0));
        assertEquals(Long.MAX_VALUE, errands.untilDueNs(0));
    }

    @Test
    void shouldSayLastWordOnly() {
        Errand first = errand("web", 1, Order.WITHDRAW);
        Errand last = errand("web", 1, Order.RESUME);
        errands.add(first);
        errands.add(last);
        assertFalse(errands.done(first));
        assertSame(last, errands.due(0).orElseThrow(), "what was said is not what is to be said by now");
        assertTrue(errands.done(last));
        assertTrue(errands.due(0).isEmpty());
    }

    @Test
    void shouldPauseLongerEachTimeAndNotAtAllAfterSuccess() {
        Errand errand = errand("web", 1, Order.WITHDRAW);
        errands.add(errand);
        long nowNs = 5;
        for (long pauseNs = Errands.FIRST_PAUSE_NS; pauseNs < Errands.LONGEST_PAUSE_NS; pauseNs *= 2) {
            assertSame(errand, errands.due(nowNs).orElseThrow());
            errands.failed(errand, nowNs);
            assertTrue(errands.due(nowNs + pauseNs - 1).isEmpty());
            assertEquals(pauseNs, errands.untilDueNs(nowNs));
            nowNs += pauseNs;
        }
        errands.failed(errand, nowNs);
        assertEquals(Errands.LONGEST_PAUSE_NS, errands.untilDueNs(nowNs));
        errands.failed(errand, nowNs);
        assertEquals(Errands.LONGEST_PAUSE_NS, errands.untilDueNs(nowNs));

        errands.done(errand);
        errands.add(errand);
        assertSame(errand, errands.due(nowNs).orElseThrow());
    }

    @Test
    void shouldGoOnWithOtherServersAndOtherVips() {
        Errand refused = errand("a", 1, Order.WITHDRAW);
        Errand sameServer = errand("b", 1, Order.WITHDRAW);
        Errand otherServer = errand("c", 2, Order.WITHDRAW);
        errands.add(refused);
        errands.add(sameServer);
        errands.add(otherServer);
        assertSame(refused, errands.due(0).orElseThrow());
        errands.failed(refused, 0);
        assertSame(otherServer, errands.due(0).orElseThrow());
        errands.done(otherServer);
        assertSame(sameServer, errands.due(Errands.FIRST_PAUSE_NS).orElseThrow(), "not always the same one first");
    }

    @Test
    void shouldForgetWhatIsNotToBeSaid() {
        Errand dropped = errand("a", 1, Order.WITHDRAW);
        errands.add(dropped);
        Errand kept = errand("b", 1, Order.RESUME);
        errands.add(kept);
        assertEquals(List.of(dropped), errands.readdress(Map.of("b", kept.to())));
        assertSame(kept, errands.due(TimeUnit.DAYS.toNanos(1)).orElseThrow());
        errands.done(kept);
        assertTrue(errands.due(TimeUnit.DAYS.toNanos(1)).isEmpty());
    }
}
