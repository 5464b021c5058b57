package io.penstock.vrrp.control;

import io.penstock.vrrp.address.VipEvent;
import io.penstock.vrrp.address.VipKeeper;
import io.penstock.vrrp.address.VipView;
import io.penstock.vrrp.config.VipConfig;
import io.penstock.vrrp.config.VrrpConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Which routers hold their VIPs, and a log of it. */
final class FakeKeeper implements VipKeeper {
    private final List<String> log;
    final Set<String> held = new TreeSet<>();
    private VrrpConfig config = Samples.of();
    long dueNs = Long.MAX_VALUE;
    boolean silent;
    int looks;

    /** What the next call that may returns. */
    List<VipEvent> next = List.of();

    FakeKeeper(List<String> log) {
        this.log = log;
    }

    void happens(String router, VipEvent.Kind kind, String text) {
        next = List.of(new VipEvent(router, Samples.ip("192.0.2.10"), kind, text));
    }

    private List<VipEvent> take() {
        List<VipEvent> taken = next;
        next = List.of();
        return taken;
    }

    @Override
    public List<VipEvent> configure(VrrpConfig wanted, long nowNs) throws IOException {
        if (silent) {
            throw new IOException("no answer of the kernel");
        }
        config = wanted;
        held.retainAll(wanted.routers().keySet());
        return take();
    }

    @Override
    public boolean hasAll(String router) {
        return held.contains(router);
    }

    @Override
    public List<VipEvent> hold(String router, long nowNs) {
        log.add("hold " + router);
        held.add(router);
        return take();
    }

    @Override
    public void announce(String router, long nowNs) {
        log.add("announce " + router);
    }

    @Override
    public long announcements(String router) {
        return log.stream().filter(("announce " + router)::equals).count();
    }

    @Override
    public List<VipEvent> release(String router, long nowNs) {
        log.add("release " + router);
        held.remove(router);
        return List.of();
    }

    @Override
    public List<VipEvent> look(long nowNs) {
        looks++;
        return take();
    }

    @Override
    public List<VipEvent> onDeadline(long nowNs) {
        log.add("refresh");
        dueNs = Long.MAX_VALUE;
        return take();
    }

    @Override
    public long deadlineNs() {
        return dueNs;
    }

    @Override
    public List<VipView> views(long nowNs) {
        List<VipView> views = new ArrayList<>();
        config.routers().forEach((name, router) -> {
            for (VipConfig vip : router.vips()) {
                boolean there = held.contains(name);
                views.add(new VipView(
                        name,
                        vip.address(),
                        vip.prefixBits(),
                        vip.interfaceName(),
                        there,
                        Optional.of(Duration.ofSeconds(2))));
            }
        });
        return views;
    }
}
