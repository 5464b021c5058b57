package io.penstock.ecmp.host;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminCredentials;
import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.config.SysctlConfig;
import io.penstock.ecmp.config.VipConfig;
import io.penstock.ecmp.config.VipConfig.OnRemoval;
import io.penstock.ecmp.config.VipHealth;
import io.penstock.ecmp.host.HostStep.Transition;
import io.penstock.ecmp.kernel.KernelState;
import io.penstock.net.IpAddress;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.serving.ForwarderQuestion;
import io.penstock.serving.VipVerdict;
import io.penstock.serving.VipVerdict.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A host role, its kernel and its clock, and the loop that a running agent has around them. */
class HostRig {
    static final IpAddress WEB = IpAddress.parse("192.0.2.10").orElseThrow();
    static final VipHealth.Forwarder HEALTH = new VipHealth.Forwarder(new ForwarderQuestion(
            new AdminAddress.Unix(Path.of("/run/penstock/admin.sock")),
            AdminCredentials.NONE,
            Duration.ofMillis(200),
            Duration.ofMillis(500),
            2,
            3));

    /** Verdicts are worth this long: three rounds of asking. */
    static final Duration WORTH = Duration.ofMillis(2_100);

    static final Duration LEASE = Duration.ofSeconds(3);
    static final Duration ANNOUNCEMENT = Duration.ofSeconds(2);
    static final Duration DRAIN = Duration.ofSeconds(5);

    private static final int MAX_WAKES = 10_000;

    final FakeHost kernel = new FakeHost();
    final Map<String, VipVerdict> verdicts = new HashMap<>();
    final List<Transition> transitions = new ArrayList<>();

    /** Not 0, as no clock of a running machine is. */
    long nowNs = Duration.ofHours(1).toNanos();

    HostRole role;
    HostStep last;

    HostRig(VipConfig... vips) {
        role = new HostRole(config(vips), nowNs++);
        last = new HostStep(List.of(), List.of(), nowNs, true);
    }

    static VipConfig web() {
        return vip("web", WEB);
    }

    static VipConfig vip(String name, IpAddress address) {
        return new VipConfig(name, address, "lo", LEASE, HEALTH, ANNOUNCEMENT, DRAIN, OnRemoval.RESTORE);
    }

    static VipConfig checkedBy(VipHealth health) {
        return new VipConfig("web", WEB, "lo", LEASE, health, ANNOUNCEMENT, DRAIN, OnRemoval.RESTORE);
    }

    static VipConfig on(String interfaceName) {
        return new VipConfig("web", WEB, interfaceName, LEASE, HEALTH, ANNOUNCEMENT, DRAIN, OnRemoval.RESTORE);
    }

    static VipConfig leased(Duration lease) {
        return new VipConfig("web", WEB, "lo", lease, HEALTH, ANNOUNCEMENT, DRAIN, OnRemoval.RESTORE);
    }

    static EcmpConfig config(VipConfig... vips) {
        Map<String, VipConfig> named = new LinkedHashMap<>();
        for (VipConfig vip : vips) {
            named.put(vip.name(), vip);
        }
        return new EcmpConfig(
                Path.of("ecmp-agent.yaml"),
                FakeHost.PROTOCOL,
                EcmpConfig.DEFAULT_NEXT_HOP_IDS,
                EcmpConfig.DEFAULT_STATE_DIRECTORY,
                SysctlConfig.DEFAULT,
                named,
                Map.of());
    }

    /** The next process of the same configuration, or another. */
    void restart(VipConfig... vips) {
        role = new HostRole(config(vips), nowNs++);
        verdicts.clear();
        transitions.clear();
    }

    /** An address as someone else puts it. */
    static InterfaceAddress foreign(IpAddress address, int linkIndex) {
        return new InterfaceAddress(linkIndex, address, Sight.bits(address), 0, 0, 0, InterfaceAddress.FOREVER);
    }

    void say(Kind kind) {
        say("web", kind);
    }

    /** A check says so now. */
    void say(String name, Kind kind) {
        verdicts.put(name, new VipVerdict(kind, nowNs, kind.name()));
    }

    /** Says so, and the agent hears it. */
    void hear(Kind kind) {
        say(kind);
        step();
    }

    /** What the agent does about an event: looks at the kernel and decides, until there is nothing more to do now. */
    void step() {
        step(Duration.ZERO);
    }

    /** @param stall between the decision and the kernel */
    void step(Duration stall) {
        KernelState observed = kernel.observe(nowNs);
        deciding();
        carryOut(role.step(nowNs, observed, verdicts), stall);
    }

    /** What the agent does when it is time: refreshes are for when the kernel has said nothing new. */
    void refresh() {
        if (kernel.hasNews()) {
            step();
            return;
        }
        deciding();
        carryOut(role.refresh(nowNs), Duration.ZERO);
    }

    /** The role is about to be asked. */
    void deciding() {}

    /** It answered; nothing is carried out yet. */
    void decided(HostStep step) {}

    private void carryOut(HostStep step, Duration stall) {
        decided(step);
        transitions.addAll(step.transitions());
        last = step;
        if (!step.changes().isEmpty()) {
            nowNs += stall.toNanos();
            HostStep after = role.applied(step.changes(), kernel.apply(step.changes(), nowNs), nowNs);
            decided(after);
            transitions.addAll(after.transitions());
            last = new HostStep(
                    step.changes(), after.transitions(), after.wakeAtNs(), step.observe() || after.observe());
        }
    }

    /** Lets time pass with the agent awake: it wakes when it asked for that. */
    void pass(Duration duration) {
        long endNs = nowNs + duration.toNanos();
        if (last.observe()) {
            step();
        }
        for (int wakes = 0; last.wakeAtNs() <= endNs; wakes++) {
            if (wakes > MAX_WAKES) {
                throw new AssertionError("it wakes again and again, and changes nothing");
            }
            nowNs = Math.max(nowNs, last.wakeAtNs());
            refresh();
            if (last.observe()) {
                step();
            }
        }
        nowNs = endNs;
        kernel.pass(nowNs);
    }

    /** Lets time pass with the agent awake, and its check saying the same all the time; which is heard where it is waited for. */
    void pass(Duration duration, Kind kind) {
        long endNs = nowNs + duration.toNanos();
        while (nowNs < endNs) {
            say(kind);
            if (!state().isPresent()) {
                step();
            }
            pass(Duration.ofNanos(
                    Math.min(endNs - nowNs, HEALTH.question().interval().toNanos())));
        }
    }

    /** Lets time pass with the agent frozen. */
    void freeze(Duration duration) {
        nowNs += duration.toNanos();
        kernel.pass(nowNs);
    }

    VipView view() {
        return role.views(nowNs).get(0);
    }

    VipState state() {
        return view().state();
    }

    boolean isHere() {
        return kernel.has(WEB, FakeHost.LO);
    }
}
