package io.penstock.ecmp.host;

import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.config.VipConfig;
import io.penstock.ecmp.kernel.KernelChange;
import io.penstock.ecmp.kernel.KernelChange.PutAddress;
import io.penstock.ecmp.kernel.KernelChange.RemoveAddress;
import io.penstock.ecmp.kernel.KernelState;
import io.penstock.net.IpAddress;
import io.penstock.serving.VipVerdict;
import io.penstock.serving.VipVerdict.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The VIPs of this host: which it has now, under leases that it refreshes, and how each leaves. Does nothing itself: what it wants done
 * is in each {@link HostStep}, and {@link #applied} tells it what became of that. Times are those of a clock that goes on while the
 * machine is suspended (CLOCK_BOOTTIME). NOT thread safe: of the agent's thread.
 *
 * <p>Orders (withdraw, resume, stop, reconfigure) are carried out by the step that follows them.
 */
public final class HostRole {
    private static final VipVerdict NONE = new VipVerdict(Kind.UNKNOWN, 0, "");

    private final int protocol;
    private final Map<IpAddress, Vip> vips = new LinkedHashMap<>();
    private boolean stopping;

    /** @param nowNs on the agent's clock */
    public HostRole(EcmpConfig config, long nowNs) {
        protocol = config.protocol();
        take(config, nowNs);
    }

    /**
     * Decides from all that is known.
     *
     * @param observed of now; the first time, what a former run left is adopted from it
     * @param verdicts by the VIP's name
     */
    public HostStep step(long nowNs, KernelState observed, Map<String, VipVerdict> verdicts) {
        StepBuilder out = new StepBuilder(nowNs);
        Sight.Index index = new Sight.Index(observed, protocol);
        for (Vip vip : vips.values()) {
            vip.step(index.of(vip.config()), verdicts.getOrDefault(vip.config().name(), NONE), out);
        }
        return finish(out);
    }

    /**
     * Refreshes the leases that are due, without a look at the kernel. Only while the kernel has told of nothing that no step has seen
     * yet: a refresh goes to whoever has the address now.
     */
    public HostStep refresh(long nowNs) {
        StepBuilder out = new StepBuilder(nowNs);
        vips.values().forEach(vip -> vip.expire(out));
        return finish(out);
    }

    /**
     * What became of the changes; those of others are passed over.
     *
     * @param results for each change nothing, or why it was refused
     * @param atNs read after the last of them
     */
    public HostStep applied(List<KernelChange> changes, List<Optional<String>> results, long atNs) {
        StepBuilder out = new StepBuilder(atNs);
        for (int i = 0; i < changes.size(); i++) {
            Optional<String> refusal = results.get(i);
            if (changes.get(i) instanceof PutAddress put) {
                Vip vip = vips.get(put.address().address());
                if (vip != null && refusal.isPresent()) {
                    vip.refused(refusal.get(), out);
                } else if (vip != null) {
                    vip.taken(out);
                }
            } else if (changes.get(i) instanceof RemoveAddress remove) {
                Vip vip = vips.get(remove.address().address());
                if (vip != null && refusal.isPresent()) {
                    vip.notRemoved(atNs);
                } else if (vip != null) {
                    vip.removed();
                }
            }
        }
        return schedule(out);
    }

    /** One batch for all leases that are due, and for those that will be soon. */
    private HostStep finish(StepBuilder out) {
        if (vips.values().stream().anyMatch(vip -> vip.isDue(out.nowNs()))) {
            vips.values().forEach(vip -> vip.refreshIfNearlyDue(out));
        }
        return schedule(out);
    }

    private HostStep schedule(StepBuilder out) {
        vips.values().removeIf(vip -> !vip.isConfigured() && vip.isGone());
        vips.values().forEach(vip -> vip.schedule(out));
        return out.build();
    }

    /** All VIPs, also those that are no longer configured and still leave. */
    public List<VipView> views(long nowNs) {
        List<VipView> views = new ArrayList<>(vips.size());
        vips.values().forEach(vip -> views.add(vip.view(nowNs)));
        return views;
    }

    /** In order, until it is resumed or this process ends; false when there is no such VIP. */
    public boolean withdraw(String name) {
        Optional<Vip> vip = named(name);
        vip.ifPresent(Vip::withdraw);
        return vip.isPresent();
    }

    public void withdrawAll() {
        vips.values().forEach(Vip::withdraw);
    }

    /** Also ends a fault without waiting; false when there is no such VIP. */
    public boolean resume(String name) {
        Optional<Vip> vip = named(name);
        vip.ifPresent(Vip::resume);
        return vip.isPresent();
    }

    /** All leave in order, for good; see {@link #isDone}. */
    public void stop() {
        stopping = true;
        vips.values().forEach(vip -> vip.stop(false));
    }

    /** All leave at once, for good. */
    public void stopNow() {
        stopping = true;
        vips.values().forEach(vip -> vip.stop(true));
    }

    /** Whether all have left after a stop. */
    public boolean isDone() {
        return stopping && vips.values().stream().allMatch(Vip::isGone);
    }

    /**
     * Takes the VIPs of this configuration. Those that are in both stay as they are, whatever else of them changed; those that are gone
     * leave in order. The protocol number stays what it was at first. Does nothing after a stop.
     */
    public void reconfigure(EcmpConfig config, long nowNs) {
        if (!stopping) {
            take(config, nowNs);
        }
    }

    private void take(EcmpConfig config, long nowNs) {
        vips.values().forEach(Vip::unconfigure);
        for (VipConfig vip : config.vips().values()) {
            Vip known = vips.get(vip.address());
            if (known == null) {
                vips.put(vip.address(), new Vip(vip, protocol, nowNs));
            } else {
                known.configure(vip, nowNs);
            }
        }
    }

    private Optional<Vip> named(String name) {
        return vips.values().stream()
                .filter(vip -> vip.isConfigured() && vip.config().name().equals(name))
                .findFirst();
    }
}
