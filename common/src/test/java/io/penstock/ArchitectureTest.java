package io.penstock;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the packages that several processes share. */
@AnalyzeClasses(packages = "io.penstock", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule NO_CYCLES = slices().matching("io.penstock.(**)")
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
    static final ArchRule NET_STANDS_ALONE =
            mayUse("net").because("values that everything uses must not pull anything in");

    @ArchTest
    static final ArchRule LINUX_USES_NET_ONLY = classes()
            .that()
            .resideInAPackage("io.penstock.linux")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..", "jnr.ffi..", "com.kenai.jffi..", "org.agrona..", "io.penstock.linux", "io.penstock.net")
            .because("the seam to the kernel lies at the bottom");

    @ArchTest
    static final ArchRule NETLINK_USES_LINUX_AND_NET =
            mayUse("netlink", "linux", "net").because("the kernel's tables are the same for every process");

    @ArchTest
    static final ArchRule LEASE_USES_NETLINK_AND_NET =
            mayUse("lease", "netlink", "net").because("what is held does not depend on what it is held for");

    @ArchTest
    static final ArchRule SYSCTL_USES_NETLINK_ONLY =
            mayUse("sysctl", "netlink").because("settings are set and put back, whoever needs them");

    @ArchTest
    static final ArchRule CONFIG_USES_NET_ONLY =
            mayUse("config", "net").because("reading a file needs no kernel, no thread and no counter");

    @ArchTest
    static final ArchRule METRICS_STANDS_ALONE =
            mayUse("metrics").because("the data threads count, so nothing else may come along with a counter");

    @ArchTest
    static final ArchRule EVENTS_STAND_ALONE =
            mayUse("events").because("whoever has something to tell appends, whatever it is about");

    @ArchTest
    static final ArchRule HEALTH_USES_WHAT_LIES_BELOW = mayUse(
                    "health", "net", "linux", "config", "metrics", "proxyprotocol", "exec")
            .because("probes know addresses, not processes or data planes");

    @ArchTest
    static final ArchRule EXEC_USES_LINUX_ONLY =
            mayUse("exec", "linux").because("running a program knows nothing of what it is run for");

    @ArchTest
    static final ArchRule PROXY_PROTOCOL_USES_NET_ONLY =
            mayUse("proxyprotocol", "net").because("a codec is tested by vectors, without a socket");

    @ArchTest
    static final ArchRule PROCESS_USES_METRICS_AND_LINUX = mayUse("process", "metrics", "linux", "net")
            .because("starting and stopping knows nothing of what the process is for");

    @ArchTest
    static final ArchRule AGENT_KNOWS_NO_AGENT = mayUse("agent", "process", "config", "net", "linux", "metrics")
            .because("what all agents share knows nothing of what one is for");

    @ArchTest
    static final ArchRule ADMIN_USES_WHAT_LIES_BELOW = mayUse(
                    "admin", "net", "linux", "metrics", "config", "events", "agent")
            .because("a server for every process knows what none of them is for");

    @ArchTest
    static final ArchRule SERVING_ASKS_AND_PROBES = mayUse("serving", "net", "config", "admin", "health", "process")
            .because(
                    "what is known of VIPs is learnt by questions and checks, and does not depend on who wants to know");

    @ArchTest
    static final ArchRule SERVERS_AND_PROBES_READ_NO_FILE = noClasses()
            .that()
            .resideInAnyPackage("io.penstock.admin", "io.penstock.health", "io.penstock.serving")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.penstock.config",
                    "io.penstock.admin.config",
                    "io.penstock.health.config",
                    "io.penstock.serving.config")
            .because("they are given values; what a file says becomes values beside them, in a package of its own");

    @ArchTest
    static final ArchRule CLI_USES_ADMIN_AND_CONFIG = mayUse("cli", "admin", "config", "net")
            .because("a command asks a process or reads a file, and starts nothing");

    @ArchTest
    static final ArchRule PICOCLI_STAYS_IN_CLI = noClasses()
            .that()
            .resideOutsideOfPackage("io.penstock.cli")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..")
            .because("what a process does is the same whoever starts it");

    private static ArchRule mayUse(String name, String... others) {
        String[] allowed = new String[others.length + 1];
        allowed[0] = "io.penstock." + name + "..";
        for (int i = 0; i < others.length; i++) {
            allowed[i + 1] = "io.penstock." + others[i] + "..";
        }
        return noClasses()
                .that()
                .resideInAPackage("io.penstock." + name + "..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.penstock..").and(resideOutsideOfPackages(allowed)));
    }
}
