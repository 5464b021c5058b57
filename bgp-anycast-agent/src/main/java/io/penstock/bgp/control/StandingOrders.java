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
import java.util.Set;

/** What was ordered of VIPs, and is kept for the next run. Of the agent's thread. */
final class StandingOrders {
    /** In place of a VIP's name, which has no such character: of all, those included that come later. */
    static final String ALL = "*";

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
        reconfigured(
                standing.keySet().stream()
                        .filter(name -> !name.equals(ALL) && vips.find(name).isEmpty())
                        .toList(),
                vips);
    }

    /** @param nowMs on the clock of the orders */
    static void apply(Map<String, StandingOrder> kept, long nowMs, Vips vips) {
        for (Vip vip : vips.all()) {
            Optional.ofNullable(kept.getOrDefault(vip.name(), kept.get(ALL)))
                    .ifPresent(order -> vip.order(order(order, nowMs)));
        }
    }

    /**
     * VIPs have come and gone.
     *
     * @param gone of these nothing stands any more
     */
    void reconfigured(Collection<String> gone, Vips vips) {
        gone.stream().filter(this::isHandedOver).forEach(this::tellOfOwedAddress);
        boolean changed = standing.keySet().removeAll(List.copyOf(gone));
        StandingOrder forAll = standing.get(ALL);
        for (Vip vip : vips.all()) {
            if (forAll != null && standing.putIfAbsent(vip.name(), forAll) == null) {
                vip.order(order(forAll, file.nowMs()));
                String kind = forAll.kind().label();
                record(
                        Level.INFO,
                        Optional.of(vip.name()),
                        kind + " of all VIPs holds for this one, which came later",
                        Map.of("order", kind, "vip", vip.name()));
                changed = true;
            }
        }
        if (changed) {
            store();
        }
    }

    private void tellOfOwedAddress(String vip) {
        record(
                Level.WARN,
                Optional.of(vip),
                "its ecmp-agent was told to withdraw its address, and is not told to resume it any more: it is not configured",
                Map.of("order", "keep", "vip", vip));
    }

    private static Order order(StandingOrder kept, long nowMs) {
        return switch (kept.kind()) {
            case RESUME -> Order.NONE;
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
            standing.put(vip.name(), StandingOrder.drain(file.nowMs() + lasting.toMillis(), isHandedOver(vip)));
        }
        if (asked.isEmpty()) {
            // What comes later was never announced: it has nothing to wait for.
            standing.put(ALL, StandingOrder.drain(0, false));
        }
        Map<String, String> details = new HashMap<>();
        wait.ifPresent(lasting -> details.put("wait-ms", Long.toString(lasting.toMillis())));
        given("drain", asked, details);
    }

    void withdraw(Optional<String> asked, Collection<Vip> vips) {
        for (Vip vip : vips) {
            vip.order(new Order.Withdraw(BY_ORDER));
            standing.put(vip.name(), StandingOrder.withdraw(isHandedOver(vip)));
        }
        if (asked.isEmpty()) {
            standing.put(ALL, StandingOrder.withdraw(false));
        }
        given("withdraw", asked, Map.of());
    }

    /** Returns those whose address is to be given back. */
    List<String> resume(Optional<String> asked, Collection<Vip> vips) {
        if (asked.isEmpty()) {
            standing.remove(ALL);
        }
        for (Vip vip : vips) {
            vip.resume();
            resume(vip.name(), isHandedOver(vip));
        }
        given("resume", asked, Map.of());
        Set<String> owed = Set.copyOf(toGiveBack());
        return vips.stream().map(Vip::name).filter(owed::contains).toList();
    }

    /** What was ordered of all must not hold for it when the agent is started anew. */
    private void resume(String vip, boolean handedOver) {
        if (handedOver || standing.containsKey(ALL)) {
            standing.put(vip, StandingOrder.resume(handedOver));
        } else {
            standing.remove(vip);
        }
    }

    /** Those whose address was taken away, and is to be given back. */
    List<String> toGiveBack() {
        return standing.entrySet().stream()
                .filter(one ->
                        one.getValue().kind() == Kind.RESUME && one.getValue().handedOver())
                .map(Map.Entry::getKey)
                .toList();
    }

    boolean isToDrain(Vip vip) {
        StandingOrder order = standing.get(vip.name());
        return order != null && order.kind() == Kind.DRAIN;
    }

    private boolean isHandedOver(Vip vip) {
        return isHandedOver(vip.name());
    }

    private boolean isHandedOver(String vip) {
        StandingOrder order = standing.get(vip);
        return order != null && order.handedOver();
    }

    /** From now on its address is somebody's to give back, if there is somebody. */
    void handedOver(Vip vip) {
        if (vip.config().then().isPresent() && !isHandedOver(vip)) {
            standing.computeIfPresent(vip.name(), (name, order) -> order.afterHandOver());
            store();
        }
    }

    /** It was, or there is nobody to ask for it any more. What was ordered since stands. */
    void givenBack(String vip) {
        StandingOrder order = standing.get(vip);
        if (order != null && order.kind() == Kind.RESUME) {
            resume(vip, false);
            store();
        }
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
