package io.penstock.forwarder.control;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.PolicyKind;
import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.operate.ForwarderStatus.BackendStatus;
import io.penstock.forwarder.operate.PoolTraffic;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.health.AgentReport;
import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * One pool as the controller runs it: what is seen of its members goes in as events, what workers shall see comes out.
 * Each event returns whether it changed that. The controller's own.
 */
final class Pool {
    private final PoolMembers members;
    private final PoolBuilder builder;
    private final Consumer<Member> alarms;
    private PoolConfig config;
    private PoolSetting setting;
    private Optional<OutlierDetector> outliers;
    private Optional<WeightLearner> learner;
    private BackendPool current;

    /** What {@link #current} was last made of, but for weights. */
    private List<Standing> made = List.of();

    private record Standing(Member member, boolean eligible, boolean takenOut, boolean lost) {}

    /** @param alarms told by a worker of a member with failures in a row, for {@link #onAlarm}; must not block */
    Pool(PoolConfig config, PoolSetting setting, PoolMembers members, BiConsumer<Pool, Member> alarms, long nowNs) {
        this.config = config;
        this.setting = setting;
        this.members = members;
        this.alarms = member -> alarms.accept(this, member);
        builder = new PoolBuilder(config, setting);
        outliers = outliers(config, nowNs);
        learner = learner(config, nowNs);
        onMembers();
    }

    private static Optional<OutlierDetector> outliers(PoolConfig config, long nowNs) {
        return config.outlierEjection().map(ejection -> new OutlierDetector(ejection, nowNs));
    }

    private static Optional<WeightLearner> learner(PoolConfig config, long nowNs) {
        return config.balance().policy().kind() == PolicyKind.ADAPTIVE
                ? Optional.of(new WeightLearner(config.balance().adaptive(), nowNs))
                : Optional.empty();
    }

    /**
     * Becomes what the configuration says now. Members that stay keep their loads, their numbers and what is known of
     * their health.
     *
     * @param known addresses of names, where they are not known here
     */
    void onConfig(PoolConfig next, PoolSetting nextSetting, Map<String, List<IpAddress>> known, long nowNs) {
        if (next.equals(config) && nextSetting.equals(setting)) {
            return;
        }
        PoolConfig before = config;
        config = next;
        setting = nextSetting;
        members.onConfig(next, known, nowNs);
        builder.onConfig(next, nextSetting);
        if (!before.outlierEjection().equals(next.outlierEjection())) {
            outliers.ifPresent(OutlierDetector::close);
            outliers = outliers(next, nowNs);
        }
        if (!before.balance().equals(next.balance())) {
            members.all().forEach(member -> member.state().onLearnt(1, nowNs));
            learner = learner(next, nowNs);
        }
        onMembers();
        current = null;
    }

    /** No service can have it any more. */
    void retire() {
        outliers.ifPresent(OutlierDetector::close);
        members.clear();
        builder.retire();
    }

    /**
     * By the id of the entry that each member comes of; an entry whose name has no address has none.
     *
     * @param portRange how many ports the kernel gives out
     */
    Map<String, List<BackendStatus>> status(int portRange) {
        Map<String, List<BackendStatus>> byEntry = new HashMap<>();
        members.all().forEach(member -> byEntry.computeIfAbsent(member.config().id(), id -> new ArrayList<>())
                .add(member.status(portRange)));
        return byEntry;
    }

    /** Whom {@link #current} leaves to serve clients. */
    PoolStanding standing() {
        return PoolStanding.of(members.all(), current().size(), builder.ignoresHealth());
    }

    /** Whether health is more than what was taken for granted when checks began: one is proven to serve, or all were asked. */
    boolean isJudged() {
        return members.all().stream().allMatch(Member::isJudged)
                || members.all().stream()
                        .anyMatch(member -> member.isJudged() && member.state().isEligible());
    }

    /** Whether {@link #current} goes by weights alone, as too few are healthy. */
    boolean ignoresHealth() {
        BackendPool unused = current();
        return builder.ignoresHealth();
    }

    /** Connections that wait for room. */
    int queued() {
        return builder.queued();
    }

    PoolTraffic traffic() {
        return builder.traffic();
    }

    /** Names that have an address now. */
    Set<String> knownNames() {
        return members.knownNames();
    }

    PoolConfig config() {
        return config;
    }

    /** Backends whose host is a name. */
    List<BackendConfig> named() {
        return members.named();
    }

    /** Healthy or not. */
    Collection<Member> members() {
        return members.all();
    }

    boolean contains(Member member) {
        return members.contains(member);
    }

    int size() {
        return members.size();
    }

    boolean isTooBig() {
        return size() > builder.capacity();
    }

    int capacity() {
        return builder.capacity();
    }

    /** Members that join from now on are new servers. */
    void onStarted() {
        members.onStarted();
    }

    boolean onResolved(BackendConfig backend, List<IpAddress> addresses, long nowNs) {
        boolean changed = members.onResolved(backend, addresses, nowNs);
        if (changed) {
            onMembers();
        }
        return outOfDate(changed);
    }

    private void onMembers() {
        outliers.ifPresent(detector -> detector.onMembers(members.all(), alarms));
        learner.ifPresent(weights -> weights.onMembers(members.all()));
    }

    boolean onCheck(Member member, boolean up, String evidence, long nowNs) {
        return outOfDate(contains(member) && member.state().onCheck(up, evidence, nowNs));
    }

    boolean onAgent(Member member, AgentReport report, long nowNs) {
        return outOfDate(contains(member) && member.onAgent(report, nowNs));
    }

    boolean onAlarm(Member member, long nowNs) {
        return outOfDate(
                contains(member) && outliers.isPresent() && outliers.get().onAlarm(member, members.all(), nowNs));
    }

    /** Does what is due; early calls do nothing. */
    boolean onTime(long nowNs) {
        boolean changed = false;
        for (Member member : members.all()) {
            changed |= member.onTime(nowNs);
        }
        if (outliers.isPresent()) {
            changed |= outliers.get().onTime(members.all(), nowNs);
        }
        if (learner.isPresent()) {
            changed |= learner.get().onTime(members.all(), nowNs);
        }
        return outOfDate(changed);
    }

    /** When {@link #onTime} is due, or {@link MemberState#NEVER}. */
    long deadlineNs() {
        long next = Math.min(
                outliers.map(OutlierDetector::deadlineNs).orElse(MemberState.NEVER),
                learner.map(WeightLearner::deadlineNs).orElse(MemberState.NEVER));
        for (Member member : members.all()) {
            next = Math.min(next, member.deadlineNs());
        }
        return next;
    }

    private boolean outOfDate(boolean changed) {
        if (changed) {
            current = null;
        }
        return changed;
    }

    /** Before workers see {@link #current}: nobody leaves whom it gives clients to. */
    void tellFound() {
        for (Member member : members.all()) {
            member.tellFound(builder.ignoresHealth());
        }
    }

    /** When workers see {@link #current}: who leaves finds nobody in it that is lost. */
    void tellLost() {
        for (Member member : members.all()) {
            member.tellLost(builder.ignoresHealth());
        }
    }

    /** Whether somebody came in or went out, or was lost, since {@link #current} was asked for: more than weights changed. */
    boolean isEligibilityOutOfDate() {
        return current == null && !standings().equals(made);
    }

    private List<Standing> standings() {
        return members.all().stream()
                .map(member -> new Standing(
                        member,
                        member.state().isEligible(),
                        member.state().isTakenOut(),
                        member.state().lostSinceNs() != BackendLoad.NOT_LOST))
                .toList();
    }

    /** The same object until something changed. */
    BackendPool current() {
        if (current == null) {
            current = builder.build(members.all());
            made = standings();
        }
        return current;
    }
}
