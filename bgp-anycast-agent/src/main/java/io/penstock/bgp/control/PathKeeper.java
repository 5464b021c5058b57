package io.penstock.bgp.control;

import io.penstock.bgp.control.Delivery.Planned;
import io.penstock.bgp.gobgp.BgpDaemon;
import io.penstock.bgp.gobgp.DaemonException;
import io.penstock.bgp.gobgp.DaemonException.Kind;
import io.penstock.bgp.rib.Change;
import io.penstock.bgp.rib.Change.Why;
import io.penstock.bgp.rib.Reconciler;
import io.penstock.bgp.rib.RibChanges;
import io.penstock.bgp.rib.WantedPaths;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.bgp.route.PathAttributes;
import io.penstock.bgp.route.RibPath;
import io.penstock.net.IpPrefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps the daemon's table as the VIPs want it: holds what is known of it against that whenever one of them has changed, and has the
 * difference delivered. Of the agent's thread.
 */
final class PathKeeper implements Deliveries.Outcome {
    private static final long NEVER = Long.MAX_VALUE;

    private final DaemonLink link;
    private final Calls calls;
    private final Vips vips;
    private final PathEvents events;
    private final AgentFigures figures;
    private final Deliveries deliveries;
    private final Map<IpPrefix, Effort> efforts = new HashMap<>();

    /** What the daemon has taken, or had of a former run, and was not asked to withdraw since. */
    private final Map<IpPrefix, PathAttributes> taken = new HashMap<>();

    private final Observed table = new Observed();
    private final KnownRib rib = table.rib;
    private final Marks marks = table.marks;
    private final Evidence evidence = table.evidence;
    private WantedPaths wanted = new WantedPaths(Map.of(), Set.of());
    private Set<IpPrefix> conflicts = Set.of();
    private boolean dirty;
    private boolean reachChanged;
    private boolean withdrawsOnly;
    private long retryAtNs = NEVER;
    private long newsNs;
    private long lostNs = Long.MIN_VALUE;

    PathKeeper(BgpDaemon daemon, DaemonLink link, Calls calls, Vips vips, PathEvents events, AgentFigures figures) {
        this.link = link;
        this.calls = calls;
        this.vips = vips;
        this.events = events;
        this.figures = figures;
        deliveries = new Deliveries(daemon, calls, this);
    }

    /** What is known of the daemon's. */
    Observed table() {
        return table;
    }

    /** Something else may be wanted. */
    void touch() {
        dirty = true;
        newsNs = calls.nowNs();
    }

    /** When a turn is due though nothing happens; Long.MAX_VALUE for never. */
    long deadlineNs() {
        return link.isUp() ? retryAtNs : NEVER;
    }

    /** Returns whether there was something to do. */
    boolean turn(long nowNs) {
        if (!link.isUp() || marks.owner().isEmpty()) {
            return false;
        }
        boolean due = dirty || nowNs >= retryAtNs;
        if (due) {
            plan(marks.owner().get(), nowNs);
        }
        return deliveries.send(link.generation()) || due;
    }

    private void plan(LargeCommunity mark, long nowNs) {
        dirty = false;
        retryAtNs = NEVER;
        wanted = vips.wanted();
        List<RibPath> there = rib.local();
        adopt(there);
        cede();
        RibChanges changes = Reconciler.changes(wanted, there, mark, taken.keySet());
        List<Planned> due = new ArrayList<>();
        formerlyMarked(there).forEach(change -> consider(change, due, nowNs));
        changes.changes().forEach(change -> consider(change, due, nowNs));
        deliveries.replace(due);
        note(changes.conflicts());
        efforts.values().removeIf(effort -> effort.isOver(nowNs));
    }

    /** What a former run announced is as good as taken. */
    private void adopt(List<RibPath> there) {
        for (RibPath path : there) {
            if (isAsked(path.prefix()) && marks.isOwn(path)) {
                taken.putIfAbsent(path.prefix(), path.attributes());
            }
        }
    }

    /** What took the place of ours while we want nothing there was first when we want it again. */
    private void cede() {
        taken.keySet()
                .removeIf(prefix -> !isAsked(prefix)
                        && table.isForeignAt(prefix)
                        && table.ownAt(prefix).isEmpty());
    }

    private boolean isAsked(IpPrefix prefix) {
        return wanted.announced().containsKey(prefix) || wanted.undecided().contains(prefix);
    }

    /** Withdrawals of what nobody wants and carries a mark of before the configuration was changed. */
    private List<Change> formerlyMarked(List<RibPath> there) {
        List<Change> changes = new ArrayList<>();
        Set<IpPrefix> stay = new HashSet<>(wanted.announced().keySet());
        stay.addAll(wanted.undecided());
        marks.former()
                .forEach(former ->
                        changes.addAll(Reconciler.changes(new WantedPaths(Map.of(), stay), there, former, Set.of())
                                .changes()));
        return changes;
    }

    private void consider(Change change, List<Planned> due, long nowNs) {
        boolean stays = withdrawsOnly && change instanceof Change.Announce;
        if (stays || deliveries.underWay(change.prefix()).isPresent()) {
            return;
        }
        Effort effort = efforts.get(change.prefix());
        long notBeforeNs = effort == null ? Long.MIN_VALUE : effort.notBeforeNs(change);
        if (nowNs < notBeforeNs) {
            retryAtNs = Math.min(retryAtNs, notBeforeNs);
            return;
        }
        boolean repair = isRepair(change);
        due.add(new Planned(change, repair, repair ? new Cause(newsNs, false) : cause(change.prefix())));
    }

    /** Whether somebody else changed what was as it is to be. */
    private boolean isRepair(Change change) {
        Optional<PathAttributes> had = Optional.ofNullable(taken.get(change.prefix()));
        boolean depends = change.why() == Why.CHANGED || change.why() == Why.UNWANTED;
        return depends ? had.equals(Effort.goal(change)) : change.why().isRepair();
    }

    private Cause cause(IpPrefix prefix) {
        Cause cause = vips.find(prefix).map(Vip::cause).orElse(new Cause(newsNs, false));
        return cause.atNs() < lostNs ? new Cause(lostNs, false) : cause;
    }

    private void note(Set<IpPrefix> found) {
        for (IpPrefix prefix : found) {
            if (!conflicts.contains(prefix)) {
                events.foreign(vips.subject(prefix), prefix);
            }
        }
        conflicts = found;
    }

    @Override
    public void onTaken(Delivery delivery) {
        evidence.onAnswer();
        if (delivery.generation != link.generation()) {
            dirty = true;
            return;
        }
        Change change = delivery.change;
        long nowNs = calls.nowNs();
        efforts.computeIfAbsent(change.prefix(), prefix -> new Effort()).taken(change, delivery.repair, nowNs);
        Optional<PathAttributes> goal = Effort.goal(change);
        goal.ifPresentOrElse(said -> taken.put(change.prefix(), said), () -> taken.remove(change.prefix()));
        if (!delivery.overtaken) {
            know(change.prefix(), goal);
        }
        boolean wantedStill = wanted.undecided().contains(change.prefix())
                || Optional.ofNullable(wanted.announced().get(change.prefix())).equals(goal);
        dirty |= !wantedStill || !isAt(change.prefix(), goal);
        reachChanged = true;
        record(delivery, nowNs);
    }

    private void know(IpPrefix prefix, Optional<PathAttributes> goal) {
        boolean unused =
                goal.isPresent() ? rib.onPath(new RibPath(prefix, goal.get(), true, true)) : rib.onWithdrawn(prefix);
    }

    private boolean isAt(IpPrefix prefix, Optional<PathAttributes> goal) {
        List<RibPath> expected =
                goal.map(said -> List.of(new RibPath(prefix, said, true, true))).orElse(List.of());
        return rib.at(prefix).equals(expected);
    }

    private void record(Delivery delivery, long nowNs) {
        boolean announced = delivery.change instanceof Change.Announce;
        figures.count(announced ? AgentCounter.ANNOUNCES : AgentCounter.WITHDRAWALS);
        if (delivery.repair) {
            figures.count(AgentCounter.REPAIRS);
        } else if (delivery.cause.byHealth() && announced) {
            figures.announcedAfter(nowNs - delivery.cause.atNs());
        } else if (delivery.cause.byHealth()) {
            figures.withdrawnAfter(nowNs - delivery.cause.atNs());
        }
        events.taken(vips.subject(delivery.change.prefix()), delivery, nowNs);
    }

    @Override
    public void onFailed(Delivery delivery, DaemonException why) {
        evidence.onAnswer();
        dirty = true;
        Change change = delivery.change;
        if (why.kind() != Kind.REFUSED) {
            // It may carry it out yet.
            evidence.onDoubt();
            if (delivery.generation == link.generation()) {
                link.lost(why);
            }
        } else if (efforts.computeIfAbsent(change.prefix(), prefix -> new Effort())
                .refused(change, why.getMessage(), calls.nowNs())) {
            events.refused(vips.subject(change.prefix()), change, why.getMessage());
        }
    }

    /** At which prefixes the daemon's table is to be looked at; empty for all of it. */
    Optional<Set<IpPrefix>> onListing() {
        Set<IpPrefix> known = new HashSet<>(taken.keySet());
        vips.all().forEach(vip -> known.add(vip.config().prefix()));
        return table.onListing(known, calls.nowNs());
    }

    /** Returns how many paths had been taken when the daemon begins anew, without any of them; else 0. */
    int onListed(List<RibPath> paths) {
        boolean fresh = evidence.isFresh();
        if (rib.onListed(paths) || fresh) {
            touch();
        }
        reachChanged = true;
        // One that hung may have withdrawn what it was asked to, without an answer.
        taken.keySet()
                .removeIf(prefix ->
                        fresh && !isAsked(prefix) && table.ownAt(prefix).isEmpty());
        boolean none = fresh
                && taken.keySet().stream()
                        .noneMatch(prefix -> table.ownAt(prefix).isPresent());
        int had = none ? taken.size() : 0;
        if (none) {
            taken.clear();
        }
        table.onListed();
        return had;
    }

    void onPath(RibPath path) {
        Optional<Delivery> underWay = deliveries.underWay(path.prefix());
        if (path.local()) {
            underWay.ifPresent(delivery -> delivery.overtaken = true);
            if (rib.onPath(path)) {
                touch();
            }
        } else if (underWay.isEmpty() && !rib.at(path.prefix()).isEmpty()) {
            // A neighbour's is the best now: ours is gone, or merely not as good.
            link.look(DaemonLink.LOOK_PAUSE_NS);
        }
    }

    void onWithdrawn(IpPrefix prefix) {
        deliveries.underWay(prefix).ifPresent(delivery -> delivery.overtaken = true);
        if (rib.onWithdrawn(prefix)) {
            touch();
        }
    }

    void onLost() {
        if (!evidence.isFresh()) {
            // Attempts that fail are of the same loss.
            lostNs = calls.nowNs();
        }
        table.onLost();
        efforts.clear();
        deliveries.replace(List.of());
        conflicts = Set.of();
    }

    /** Why a prefix is not as it is wanted; empty when it is or nobody knows. */
    String trouble(IpPrefix prefix) {
        if (conflicts.contains(prefix)) {
            return "somebody else's path is in the daemon";
        }
        Effort effort = efforts.get(prefix);
        return effort == null || effort.refusal().isEmpty() ? "" : "the daemon refuses: " + effort.refusal();
    }

    /** Whether the daemon is known to have nothing of the agent's at a prefix, now and soon. */
    boolean isGone(IpPrefix prefix) {
        return link.isUp()
                && !evidence.isFresh()
                && deliveries.underWay(prefix).isEmpty()
                && table.ownAt(prefix).isEmpty();
    }

    private boolean looksEmpty() {
        return link.isUp() && !evidence.isFresh() && !dirty && deliveries.isIdle() && !table.hasOwn();
    }

    /** Whether it is known to have nothing of the agent's at all. Its table is looked at again when that is what is missing. */
    boolean proveEmpty() {
        boolean empty = looksEmpty();
        if (empty && !evidence.isAwaited()) {
            link.look(0);
        }
        return empty && evidence.isProof();
    }

    /** Whether no answer is waited for. */
    boolean isIdle() {
        return deliveries.isIdle();
    }

    /** Whether something of the agent's is not known to be gone. */
    boolean mayHaveLeft() {
        boolean gone = looksEmpty() && evidence.isProof();
        return !gone && (evidence.isWanting() || table.hasOwn() || !taken.isEmpty() || !deliveries.isIdle());
    }

    /** From now on what is not wanted any more is withdrawn, and everything else stays as it is. */
    void announceNoMore() {
        withdrawsOnly = true;
    }

    /** What is to be withdrawn, and is not known to be gone: by what the daemon shows or, while it does not, has taken. */
    Set<IpPrefix> owed() {
        wanted = vips.wanted();
        boolean shown = link.isUp() && !evidence.isFresh();
        Stream<IpPrefix> there = shown ? table.own() : taken.keySet().stream();
        return there.filter(prefix -> !isAsked(prefix)).collect(Collectors.toSet());
    }

    void tellOfOwed() {
        owed().forEach(prefix -> events.left(vips.subject(prefix), prefix));
    }

    /** Whether neighbours may be sent something else than when this was last asked. */
    boolean takeReachChanged() {
        boolean was = reachChanged;
        reachChanged = false;
        return was;
    }
}
