package io.penstock.bgp;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the agent's packages, and what its pure parts never touch. */
@AnalyzeClasses(packages = "io.penstock.bgp", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.penstock.bgp.";

    @ArchTest
    static final ArchRule NO_CYCLES = slices().matching("io.penstock.bgp.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a cycle makes one package of two, and neither can be read or tested alone");

    @ArchTest
    static final ArchRule NO_UTIL =
            noClasses().should().resideInAPackage("..util..").because("a class with one user lives beside that user");

    @ArchTest
    static final ArchRule NO_EMPTY_NAMES = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "gobgp.v3.api..")
            .should()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Impl")
            .because("such a name does not say what the class does");

    @ArchTest
    static final ArchRule DECISIONS_ARE_PURE = classes()
            .that()
            .resideInAnyPackage(ROOT + "route..", ROOT + "rib..", ROOT + "policy..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    ROOT + "route..",
                    ROOT + "rib..",
                    ROOT + "policy..",
                    ROOT + "config..",
                    "io.penstock.net..",
                    "java.lang..",
                    "java.util",
                    "java.util.function",
                    "java.util.regex",
                    "java.util.stream",
                    "java.time..")
            .because("a decision that does nothing is tested by a table, without a daemon");

    @ArchTest
    static final ArchRule DECISIONS_READ_NO_CLOCK = noClasses()
            .that()
            .resideInAnyPackage(ROOT + "route..", ROOT + "rib..", ROOT + "policy..")
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.Thread")
            .because("now is a parameter, so that a test lets hours pass without waiting");

    @ArchTest
    static final ArchRule ROUTE_KNOWS_ADDRESSES_ONLY =
            mayUse("route", "io.penstock.net..").because("a path is a path, whoever has it");

    @ArchTest
    static final ArchRule RIB_KNOWS_PATHS_ONLY =
            mayUse("rib", ROOT + "route..", "io.penstock.net..").because("why a path is wanted does not matter to it");

    @ArchTest
    static final ArchRule POLICY_KNOWS_CONFIG_ONLY =
            mayUse("policy", ROOT + "config..").because("it decides what a daemon is told, and not how");

    @ArchTest
    static final ArchRule POLICY_READS_NO_FILE = noClasses()
            .that()
            .resideInAPackage(ROOT + "policy..")
            .should()
            .dependOnClassesThat()
            .haveNameMatching(".*[.]config[.].*Reader")
            .because("it is given what was read");

    @ArchTest
    static final ArchRule DAEMON_IS_AN_EDGE = noClasses()
            .that()
            .resideInAPackage(ROOT + "gobgp..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.penstock.bgp..")
                    .and(resideOutsideOfPackages(ROOT + "gobgp..", ROOT + "route..", ROOT + "config..")))
            .because("it does what it is asked, whoever decided that");

    @ArchTest
    static final ArchRule VERSION_IS_CHOSEN_AT_THE_TOP = noClasses()
            .that()
            .resideOutsideOfPackages("io.penstock.bgp", ROOT + "gobgp.v3..", ROOT + "guard..", ROOT + "client..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + "gobgp.v3..")
            .because("the daemon's next version has another API, and nothing else is to change for it");

    @ArchTest
    static final ArchRule GRPC_STAYS_IN_THE_CLIENT = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "gobgp.v3..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.grpc..", "com.google.protobuf..", ROOT + "gobgp.v3.api..")
            .because("everybody else speaks of paths and neighbours");

    @ArchTest
    static final ArchRule CONFIG_NEEDS_NOTHING_RUNNING = noClasses()
            .that()
            .resideInAPackage(ROOT + "config..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.penstock.bgp..")
                    .and(resideOutsideOfPackages(ROOT + "config..", ROOT + "route..")))
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("io.penstock.linux..", "io.penstock.netlink..", "io.penstock.process..", "io.grpc..")
            .because("a file can be checked without starting anything, on any machine");

    @ArchTest
    static final ArchRule HEALTH_TELLS_ONLY = noClasses()
            .that()
            .resideInAPackage(ROOT + "health..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    ROOT + "admin..",
                    ROOT + "client..",
                    ROOT + "gobgp..",
                    ROOT + "guard..",
                    ROOT + "operate..",
                    ROOT + "rib..",
                    ROOT + "route..")
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching(".*[.](Announcement|Controller|HoldDown|Order|Stance)")
            .because("who watches does not decide, and never speaks to the daemon");

    @ArchTest
    static final ArchRule EVENTS_KNOW_NOBODY =
            mayUse("event", "io.penstock.events..").because("who tells and who listens need not know each other");

    @ArchTest
    static final ArchRule GUARD_OUTLIVES_THE_AGENT = noClasses()
            .that()
            .resideInAPackage(ROOT + "guard..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    ROOT + "admin..",
                    ROOT + "client..",
                    ROOT + "control..",
                    ROOT + "health..",
                    ROOT + "operate..",
                    ROOT + "policy..")
            .because("what the agent is busy with is none of a process that is there for when it is dead");

    @ArchTest
    static final ArchRule ADMIN_ASKS_BY_OPERATIONS = noClasses()
            .that()
            .resideInAnyPackage(ROOT + "admin..", ROOT + "client..")
            .should()
            .dependOnClassesThat()
            .haveNameMatching(".*[.](Controller|Announcement|DaemonLink|KnownRib)")
            .because("what is shown and ordered goes through the agent's thread");

    @ArchTest
    static final ArchRule CONTROL_IS_ABOVE = noClasses()
            .that()
            .resideInAPackage(ROOT + "control..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    ROOT + "admin..", ROOT + "client..", ROOT + "health..", ROOT + "guard..", "io.netty..", "picocli..")
            .because("who asks the agent's thread, and who watches for it, is none of its business");

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
