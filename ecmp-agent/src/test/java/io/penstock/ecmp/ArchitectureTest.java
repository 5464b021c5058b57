package io.penstock.ecmp;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the agent's packages, and what its pure parts never touch. */
@AnalyzeClasses(packages = "io.penstock.ecmp", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.penstock.ecmp.";

    /** Packages that decide, from values and for a time that they are given. */
    private static final String[] PURE = {ROOT + "host..", ROOT + "router.."};

    @ArchTest
    static final ArchRule NO_CYCLES = slices().matching("io.penstock.ecmp.(*)..")
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
    static final ArchRule PURE_DOES_NOTHING = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.penstock.linux..",
                    "java.io..",
                    "java.net..",
                    "java.nio..",
                    "java.util.concurrent..",
                    "io.netty..",
                    "jnr..")
            .because("a decision that does nothing is tested by a table, without a kernel");

    @ArchTest
    static final ArchRule PURE_DOES_NOT_LOG = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.slf4j..", "java.util.logging..")
            .because("what there is to tell is part of what was decided");

    @ArchTest
    static final ArchRule PURE_READS_NO_CLOCK = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.Thread")
            .because("now is a parameter, so that a test can freeze the agent");

    @ArchTest
    static final ArchRule KERNEL_KNOWS_NO_ROLE = mayUse(
                    "kernel",
                    "io.penstock.lease..",
                    "io.penstock.netlink..",
                    "io.penstock.linux..",
                    "io.penstock.net..")
            .because("it does what it is told, whoever decided that");

    @ArchTest
    static final ArchRule HOST_DECIDES_FROM_VALUES = mayUse(
                    "host",
                    ROOT + "config..",
                    ROOT + "kernel..",
                    "io.penstock.health..",
                    "io.penstock.lease..",
                    "io.penstock.net..",
                    "io.penstock.netlink..",
                    "io.penstock.serving..")
            .because("which VIPs this host has does not depend on how it was learnt");

    @ArchTest
    static final ArchRule ROUTER_DECIDES_FROM_VALUES = mayUse(
                    "router", ROOT + "config..", ROOT + "kernel..", "io.penstock.net..", "io.penstock.netlink..")
            .because("which routes there should be does not depend on how it was learnt");

    @ArchTest
    static final ArchRule SYSCTL_KNOWS_NO_ROLE = mayUse("sysctl", ROOT + "config..", "io.penstock.net..")
            .because("which settings are needed is what the configuration says");

    @ArchTest
    static final ArchRule CONFIG_NEEDS_NO_KERNEL = noClasses()
            .that()
            .resideInAPackage(ROOT + "config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.penstock.linux..", "io.penstock.process..", ROOT + "kernel..")
            .because("a file can be checked without starting anything, on any machine");

    @ArchTest
    static final ArchRule HEALTH_TELLS_VERDICTS_ONLY = mayUse(
                    "health", ROOT + "config..", "io.penstock.health..", "io.penstock.net..", "io.penstock.serving..")
            .because("who asks does not decide, and never touches the kernel");

    @ArchTest
    static final ArchRule ADMIN_ASKS_BY_OPERATIONS = noClasses()
            .that()
            .resideInAPackage(ROOT + "admin..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + "kernel..", ROOT + "health..", ROOT + "config..", "io.penstock.netlink..")
            .because("what is shown and ordered goes through the agent's thread");

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
