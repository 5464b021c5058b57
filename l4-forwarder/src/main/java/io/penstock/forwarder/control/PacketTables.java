package io.penstock.forwarder.control;

import io.penstock.forwarder.balance.HashInput;
import io.penstock.forwarder.config.DsrConfig;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.ListenConfig;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.Encapsulation;
import io.penstock.forwarder.table.PacketBackend;
import io.penstock.forwarder.table.PacketService;
import io.penstock.forwarder.table.PacketTable;
import io.penstock.forwarder.table.PacketVip;
import io.penstock.forwarder.table.Spread;
import io.penstock.forwarder.table.Transport;
import io.penstock.net.FlowHash;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Makes the tables of services in {@code mode: dsr}, and knows how their plane is. The controller's own. */
final class PacketTables {
    /** A fifth of the shortest lease; the plane's trouble, which comes by no event, is asked for as often. */
    private static final long TURN_NS = TimeUnit.MILLISECONDS.toNanos(200);

    /** Of services that are closed: their ring leads nowhere. The same for all, so that no table changes for it. */
    private static final BackendPool NOBODY =
            new BackendPool("", new FlowHash(0, 0), HashInput.FLOW, new Spread(List.of(), new int[0]));

    private final ProbeTargets targets;
    private PacketPlane plane = PacketPlane.NONE;
    private List<ServiceConfig> services = List.of();
    private Set<String> closed = Set.of();
    private FlowHash flowHash = new FlowHash(0, 0);
    private Optional<String> trouble = Optional.empty();

    /** @param targets as configured when a table is made */
    PacketTables(ProbeTargets targets) {
        this.targets = targets;
    }

    /** Has the plane forward what tables say from now on. */
    void use(PacketPlane next) {
        plane = next;
    }

    /** @param closedServices names of services that take nobody for now */
    void onConfig(ForwarderConfig config, FlowHash hash, Set<String> closedServices) {
        services = config.dsrServices();
        flowHash = hash;
        closed = Set.copyOf(closedServices);
    }

    /** Whether a service in {@code mode: dsr} uses it. */
    boolean uses(Pool pool) {
        return services.stream()
                .anyMatch(service -> service.pool().equals(pool.config().name()));
    }

    /** Hands over the next table, with those of the workers' of the same version. */
    void publish(long version, Map<String, Pool> pools) {
        plane.onTable(new PacketTable(
                version,
                flowHash,
                services.stream()
                        .map(service -> service(service, pools.get(service.pool())))
                        .toList()));
    }

    private PacketService service(ServiceConfig service, Pool pool) {
        DsrConfig dsr = service.dsr().orElseThrow();
        boolean open = !closed.contains(service.name());
        return new PacketService(
                service.name(),
                service.isUdp() ? Transport.UDP : Transport.TCP,
                service.listen().stream().map(PacketTables::vip).toList(),
                encapsulation(dsr),
                dsr.vni(),
                dsr.flowTable(),
                pool.current().hashInput(),
                open ? pool.current() : NOBODY,
                open ? backends(pool) : draining(pool),
                !open || pool.members().stream().allMatch(Member::isJudged),
                targets.isProbed(service, pool));
    }

    /** Flows that are known stay where they are, also while nobody has checked their backend. */
    private static List<PacketBackend> draining(Pool pool) {
        return pool.members().stream()
                .map(member -> new PacketBackend(
                        member.backend(1),
                        member.isJudged() && member.state().status() == MemberState.Status.DOWN
                                ? PacketBackend.State.DOWN
                                : PacketBackend.State.DRAINING))
                .toList();
    }

    private static List<PacketBackend> backends(Pool pool) {
        boolean healthIgnored = pool.ignoresHealth();
        return pool.members().stream()
                .map(member -> new PacketBackend(
                        member.backend(Math.max(1, member.state().weight(healthIgnored))),
                        state(member.state(), healthIgnored)))
                .toList();
    }

    /** One that is out but up keeps whom it has: its operator, its agent or a hold-down keeps new ones away. */
    private static PacketBackend.State state(MemberState member, boolean healthIgnored) {
        if (member.weight(healthIgnored) > 0) {
            return PacketBackend.State.UP;
        }
        return member.status() == MemberState.Status.DOWN ? PacketBackend.State.DOWN : PacketBackend.State.DRAINING;
    }

    private static PacketVip vip(ListenConfig listen) {
        return listen.isAnyPort()
                ? PacketVip.anyPort(listen.address())
                : new PacketVip(listen.address(), listen.firstPort(), listen.lastPort());
    }

    private static Encapsulation encapsulation(DsrConfig dsr) {
        return switch (dsr.encapsulation()) {
            case L2 -> Encapsulation.L2;
            case IPIP -> Encapsulation.IPIP;
            case VXLAN -> Encapsulation.VXLAN;
        };
    }

    /** Looks anew; why packets are not forwarded as tables say, empty when they are or none are to be. */
    Optional<String> trouble() {
        trouble = services.isEmpty() ? Optional.empty() : plane.trouble();
        return trouble;
    }

    /** Whether it is another than it was when it was looked at before. */
    boolean isTroubleNew() {
        Optional<String> before = trouble;
        return !trouble().equals(before);
    }

    /** Tells the plane that somebody looks after it. */
    void turn() {
        plane.onControlTurn();
    }

    /** When that is due again, or {@link MemberState#NEVER}. */
    long deadlineNs(long nowNs) {
        return plane == PacketPlane.NONE || services.isEmpty() ? MemberState.NEVER : nowNs + TURN_NS;
    }
}
