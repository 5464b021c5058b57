package io.penstock.bgp.control;

import io.penstock.bgp.control.StandingOrder.Kind;
import io.penstock.bgp.event.BgpEvent;
import io.penstock.bgp.event.EventRecorder;
import io.penstock.bgp.policy.Order;
import io.penstock.events.Event.Level;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was ordered of VIPs, and is kept for the next run. Of the agent's thread. */
final class StandingOrders {
    private static final String BY_ORDER = "by order";

    private final OrderFile file;
    private final EventRecorder recorder;
    private final Map<String, StandingOrder> standing = new LinkedHashMap<>();

    StandingOrders(OrderFile file, EventRecorder recorder) {
        this.file = file;
        this.recorder = recorder;
    }

    /**
     * What a former run was ordered stands again.
     *
     * @throws IOException when it cannot be read; the message says what to do
     */
    void restore(Vips vips) throws IOException {
        standing.putAll(file.load());
        apply(standing, file.nowMs(), vips);
        forget(standing.keySet().stream()
                .filter(name -> vips.find(name).isEmpty())
                .toList());
    }

    /** @param nowMs on the clock of the orders */
    static void apply(Map<String, StandingOrder> kept, long nowMs, Vips vips) {
        kept.forEach((name, order) -> vips.find(name).ifPresent(vip -> vip.order(order(order, nowMs))));
    }

    private static Order order(StandingOrder kept, long nowMs) {
        return switch (kept.kind()) {
            case WITHDRAW -> new Order.Withdraw(BY_ORDER);
            case DRAIN -> {
                // That clock may have been set back by years: a host without a battery starts in 1970.
                long leftMs = Math.min(kept.endsAtMs() - nowMs, Order.Drain.MAX_LASTING.toMillis());
                yield new Order.Drain(Optional.of(Duration.ofMillis(Math.max(0, leftMs))), BY_ORDER);
            }
        };
    }

    /** @param wait empty for that of each VIP */
    void drain(Optional<String> asked, Collection<Vip> vips, Optional<Duration> wait) {
        for (Vip vip : vips) {
            Duration lasting = wait.orElse(vip.config().drainWait());
            vip.order(new Order.Drain(Optional.of(lasting), BY_ORDER));
            standing.put(vip.name(), StandingOrder.drain(file.nowMs() + lasting.toMillis()));
        }
        Map<String, String> details = new HashMap<>();
        wait.ifPresent(lasting -> details.put("wait-ms", Long.toString(lasting.toMillis())));
        given("drain", asked, details);
    }

    void withdraw(Optional<String> asked, Collection<Vip> vips) {
        for (Vip vip : vips) {
            vip.order(new Order.Withdraw(BY_ORDER));
            standing.put(vip.name(), StandingOrder.WITHDRAW);
        }
        given("withdraw", asked, Map.of());
    }

    /** Returns those of which something had been ordered. */
    List<Vip> resume(Optional<String> asked, Collection<Vip> vips) {
        vips.forEach(Vip::resume);
        List<Vip> ordered =
                vips.stream().filter(vip -> standing.remove(vip.name()) != null).toList();
        given("resume", asked, Map.of());
        return ordered;
    }

    /** Of VIPs that are not configured any more nothing stands. */
    void forget(Collection<String> names) {
        if (standing.keySet().removeAll(List.copyOf(names))) {
            store();
        }
    }

    boolean isToDrain(Vip vip) {
        StandingOrder order = standing.get(vip.name());
        return order != null && order.kind() == Kind.DRAIN;
    }

    private void given(String order, Optional<String> asked, Map<String, String> more) {
        Map<String, String> details = new HashMap<>(more);
        details.put("order", order);
        details.put("vip", asked.orElse("(all)"));
        record(Level.INFO, asked, order + " of " + asked.orElse("all VIPs"), details);
        store();
    }

    /** What cannot be kept is carried out nevertheless: who ordered it may have no other way. */
    private void store() {
        try {
            file.store(standing);
        } catch (IOException e) {
            record(
                    Level.WARN,
                    Optional.empty(),
                    "orders do not outlive the agent: " + e,
                    Map.of("order", "keep", "cause", e.toString()));
        }
    }

    private void record(Level level, Optional<String> vip, String text, Map<String, String> details) {
        recorder.record(new BgpEvent(BgpEvent.Kind.ORDER, level, vip.orElse(BgpEvent.AGENT), text, details));
    }
}
