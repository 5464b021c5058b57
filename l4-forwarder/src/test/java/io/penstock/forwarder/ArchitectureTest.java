package io.penstock.forwarder;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.penstock.forwarder.worker.Worker;
import java.util.Optional;

/** The arrows between the forwarder's packages, and what a data thread never touches. */
@AnalyzeClasses(packages = "io.penstock.forwarder", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.penstock.forwarder.";

    /** Packages whose code runs for every event of a data thread. */
    private static final String[] HOT = {
        ROOT + "worker..",
        ROOT + "event..",
        ROOT + "tcp..",
        ROOT + "udp..",
        ROOT + "flow..",
        ROOT + "balance..",
        ROOT + "table.."
    };

    @ArchTest
    static final ArchRule NO_CYCLES = slices().matching("io.penstock.forwarder.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a cycle makes one package of two, and neither can be read or tested alone");

    @ArchTest
    static final ArchRule NO_UTIL =
            noClasses().should().resideInAPackage("..util..").because("a class with one user lives beside that user");

    @ArchTest
    static final ArchRule NO_EMPTY_NAMES = noClasses()
            .should()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Impl")
            .because("such a name does not say what the class does");

    @ArchTest
    static final ArchRule HOT_KNOWS_NO_POLICY = noClasses()
            .that()
            .resideInAnyPackage(HOT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + "config..", ROOT + "control..", "io.penstock.config..", "io.penstock.health..")
            .because("policy lies above: a worker sees it only as a finished table");

    @ArchTest
    static final ArchRule HOT_DOES_NOT_LOG = noClasses()
            .that()
            .resideInAnyPackage(HOT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.slf4j..", "java.util.logging..")
            .because("a data thread counts what happens; a line each would block it on a disk");

    @ArchTest
    static final ArchRule HOT_HAS_NO_STREAMS = noClasses()
            .that()
            .resideInAnyPackage(HOT)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.stream..")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Optional.class)
            .because("each allocates, and nothing is allocated per event");

    @ArchTest
    static final ArchRule HOT_HAS_NO_LOCKS = noClasses()
            .that()
            .resideInAnyPackage(HOT)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.concurrent.locks..")
            .because("workers share nothing but a table, a queue and counters");

    @ArchTest
    static final ArchRule HOT_DOES_NOT_FORMAT = noClasses()
            .that()
            .resideInAnyPackage(HOT)
            .should()
            .callMethod(String.class, "format", String.class, Object[].class)
            .orShould()
            .callMethod(String.class, "formatted", Object[].class)
            .because("formatting is for those who read, on another thread");

    @ArchTest
    static final ArchRule BALANCE_IS_PURE =
            mayUse("balance", "io.penstock.metrics..").because("primitives in, primitives out: testable by vectors");

    @ArchTest
    static final ArchRule TABLE_USES_BALANCE =
            mayUse("table", ROOT + "balance..", "io.penstock.net..").because("a table is values and lookups");

    @ArchTest
    static final ArchRule EVENT_USES_LINUX =
            mayUse("event", "io.penstock.linux..").because("a loop does not know whose events it delivers");

    @ArchTest
    static final ArchRule TCP_USES_TABLE_BALANCE_AND_EVENT = mayUse(
                    "tcp",
                    ROOT + "flow..",
                    ROOT + "table..",
                    ROOT + "balance..",
                    ROOT + "event..",
                    "io.penstock.linux..",
                    "io.penstock.net..",
                    "io.penstock.proxyprotocol..",
                    "io.penstock.metrics..")
            .because("a protocol stands on the table and the loop, and beside the other protocols");

    @ArchTest
    static final ArchRule UDP_USES_THE_SAME_AND_NOT_TCP = mayUse(
                    "udp",
                    ROOT + "flow..",
                    ROOT + "table..",
                    ROOT + "balance..",
                    ROOT + "event..",
                    "io.penstock.linux..",
                    "io.penstock.net..",
                    "io.penstock.metrics..")
            .because("a protocol stands on the table and the loop, and beside the other protocols");

    @ArchTest
    static final ArchRule FLOW_USES_TABLE = mayUse(
                    "flow", ROOT + "table..", ROOT + "balance..", "io.penstock.net..", "io.penstock.metrics..")
            .because("what protocols have in common knows none of them");

    @ArchTest
    static final ArchRule WORKER_USES_PROTOCOLS_EVENT_AND_TABLE = mayUse(
                    "worker",
                    ROOT + "tcp..",
                    ROOT + "udp..",
                    ROOT + "flow..",
                    ROOT + "event..",
                    ROOT + "table..",
                    "io.penstock.linux..",
                    "io.penstock.metrics..")
            .because("a worker joins the protocols to one thread");

    @ArchTest
    static final ArchRule CONFIG_USES_COMMON_AND_BALANCE = mayUse(
                    "config",
                    ROOT + "balance..",
                    "io.penstock.admin..",
                    "io.penstock.config..",
                    "io.penstock.net..",
                    "io.penstock.health..")
            .because("a file can be checked without starting anything, and names policies by what they are made from");

    @ArchTest
    static final ArchRule GEO_USES_CONFIG_ONLY = mayUse(
                    "geo", ROOT + "config..", "io.penstock.config..", "io.penstock.net..")
            .because("data about addresses becomes a map once, whatever the map is for");

    @ArchTest
    static final ArchRule MAXMIND_STAYS_IN_GEO = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "geo..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.maxmind..")
            .because("a look-up in a database allocates; everybody else has the map");

    @ArchTest
    static final ArchRule CONTROL_USES_NO_PROTOCOL = mayUse(
                    "control",
                    ROOT + "config..",
                    ROOT + "events..",
                    "io.penstock.events..",
                    ROOT + "geo..",
                    ROOT + "table..",
                    ROOT + "balance..",
                    ROOT + "worker..",
                    ROOT + "flow..",
                    ROOT + "operate..",
                    "io.penstock.net..",
                    "io.penstock.health..",
                    "io.penstock.metrics..",
                    "io.penstock.process..",
                    "io.penstock.config..")
            .because("what it decides reaches workers as tables and commands");

    @ArchTest
    static final ArchRule LISTEN_OPENS_WHAT_WORKERS_ACCEPT_FROM = mayUse(
                    "listen",
                    ROOT + "control..",
                    ROOT + "worker..",
                    ROOT + "tcp..",
                    ROOT + "udp..",
                    ROOT + "flow..",
                    ROOT + "table..",
                    "io.penstock.linux..",
                    "io.penstock.net..",
                    "io.penstock.process..")
            .because("sockets come to workers by number, from wherever they come to the process");

    @ArchTest
    static final ArchRule RELOAD_STANDS_ABOVE_CONTROL = mayUse(
                    "reload",
                    ROOT + "config..",
                    ROOT + "events..",
                    "io.penstock.events..",
                    ROOT + "geo..",
                    ROOT + "control..",
                    ROOT + "operate..",
                    ROOT + "worker..",
                    ROOT + "flow..",
                    ROOT + "table..",
                    ROOT + "balance..",
                    "io.penstock.config..",
                    "io.penstock.metrics..",
                    "io.penstock.net..")
            .because("it decides what is configured, control what comes of it");

    @ArchTest
    static final ArchRule OPERATE_IS_A_LANGUAGE = mayUse("operate", "io.penstock.net..", "io.penstock.metrics..")
            .because("who asks and who answers share words, and nothing else");

    @ArchTest
    static final ArchRule EVENTS_KNOW_NOBODY = mayUse("events", "io.penstock.events..")
            .because("whoever has something to tell appends, whatever it is about");

    @ArchTest
    static final ArchRule HOT_TELLS_NO_EVENTS = noClasses()
            .that()
            .resideInAnyPackage(HOT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + "events..", "io.penstock.events..")
            .because("a data thread counts what happens; an event takes a lock");

    @ArchTest
    static final ArchRule FLOW_LOG_KNOWS_NO_WORKER_BUT_ITS_FLOWS = mayUse(
                    "flowlog",
                    ROOT + "config..",
                    ROOT + "flow..",
                    ROOT + "table..",
                    ROOT + "worker..",
                    "io.penstock.linux..",
                    "io.penstock.net..")
            .because("it is told what has ended, and touches nothing that is open");

    @ArchTest
    static final ArchRule HOT_KNOWS_NO_FLOW_LOG = noClasses()
            .that()
            .resideInAnyPackage(HOT)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + "flowlog..")
            .because("a worker tells its observer, and what comes of it may block");

    @ArchTest
    static final ArchRule ADMIN_USES_OPERATIONS_AND_COUNTERS = mayUse(
                    "admin",
                    ROOT + "flowlog..",
                    ROOT + "xdp..",
                    ROOT + "table..",
                    ROOT + "operate..",
                    ROOT + "events..",
                    "io.penstock.events..",
                    ROOT + "worker..",
                    ROOT + "tcp..",
                    ROOT + "udp..",
                    "io.penstock.admin..",
                    "io.penstock.config..",
                    "io.penstock.metrics..",
                    "io.penstock.net..")
            .because("it translates: what can be asked into HTTP, what is counted into metrics");

    @ArchTest
    static final ArchRule CLIENT_KNOWS_THE_ADDRESS_ONLY = noClasses()
            .that()
            .resideInAPackage(ROOT + "client..")
            .and()
            .resideOutsideOfPackage(ROOT + "client.xdp..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.penstock..")
                    .and(resideOutsideOfPackages(
                            ROOT + "client..", "io.penstock.cli..", "io.penstock.admin..", "io.penstock.config..")))
            .because("it runs in another process than what it asks, maybe of another version");

    @ArchTest
    static final ArchRule CLIENT_XDP_READS_PINS = mayUse(
                    "client.xdp",
                    ROOT + "bpf..",
                    ROOT + "xdp..",
                    ROOT + "table..",
                    "io.penstock.cli..",
                    "io.penstock.linux..",
                    "io.penstock.net..")
            .because("what is pinned in the kernel answers, whether or not a forwarder runs");

    @ArchTest
    static final ArchRule XDP_BACKEND_PREPARES_A_HOST = mayUse(
                    "xdp.backend",
                    ROOT + "bpf..",
                    ROOT + "table..",
                    "io.penstock.cli..",
                    "io.penstock.exec..",
                    "io.penstock.linux..",
                    "io.penstock.net..",
                    "io.penstock.netlink..",
                    "io.penstock.sysctl..")
            .because("a backend's host runs no forwarder, and knows nothing of one");

    @ArchTest
    static final ArchRule TUNE_COMPARES_A_FILE_WITH_THE_HOST = mayUse(
                    "tune", ROOT + "config..", ROOT + "tcp..", "io.penstock.config..", "io.penstock.net..")
            .because("it starts nothing: what a file asks for and what the kernel says is all it knows");

    @ArchTest
    static final ArchRule BPF_USES_LINUX =
            mayUse("bpf", "io.penstock.linux..").because("it loads programs, whatever they do");

    @ArchTest
    static final ArchRule XDP_KNOWS_TABLES_AND_THE_KERNEL = noClasses()
            .that()
            .resideInAPackage(ROOT + "xdp")
            .should()
            .dependOnClassesThat(resideInAPackage("io.penstock..")
                    .and(resideOutsideOfPackages(
                            ROOT + "xdp",
                            ROOT + "bpf..",
                            ROOT + "table..",
                            ROOT + "balance..",
                            ROOT + "events..",
                            "io.penstock.events..",
                            "io.penstock.linux..",
                            "io.penstock.metrics..",
                            "io.penstock.net..",
                            "io.penstock.netlink..",
                            "io.penstock.process..")))
            .because("a second data plane beside the workers: what is configured and decided comes to it as a table");

    @ArchTest
    static final ArchRule LIBBPF_STAYS_BELOW_XDP = noClasses()
            .that()
            .resideInAPackage(ROOT + "*..")
            .and()
            .resideOutsideOfPackages(ROOT + "bpf..", ROOT + "xdp..", ROOT + "client..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + "bpf..")
            .because("maps and programs are written by one package, whose words others use");

    @ArchTest
    static final ArchRule CONTROL_HOLDS_NO_WORKER = noClasses()
            .that()
            .resideInAPackage(ROOT + "control..")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Worker.class)
            .because("a proxy is all that another thread may hold of a worker");

    private static ArchRule mayUse(String name, String... others) {
        String[] allowed = new String[others.length + 1];
        allowed[0] = ROOT + name + "..";
        System.arraycopy(others, 0, allowed, 1, others.length);
        return noClasses()
                .that()
                .resideInAPackage(ROOT + name + "..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.penstock..").and(resideOutsideOfPackages(allowed)));
    }
}
