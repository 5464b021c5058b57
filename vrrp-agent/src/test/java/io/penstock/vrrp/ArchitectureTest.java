package io.penstock.vrrp;

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
@AnalyzeClasses(packages = "io.penstock.vrrp", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.penstock.vrrp.";

    @ArchTest
    static final ArchRule NO_CYCLES = slices().matching("io.penstock.vrrp.(*)..")
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
    static final ArchRule PROTOCOL_IS_PURE = classes()
            .that()
            .resideInAPackage(ROOT + "protocol..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    ROOT + "protocol..",
                    "io.penstock.net..",
                    "org.agrona..",
                    "java.lang..",
                    "java.util",
                    "java.util.function",
                    "java.util.stream",
                    "java.time..",
                    "java.nio",
                    "java.nio.charset")
            .because("a decision that does nothing is tested by a table, without a network");

    @ArchTest
    static final ArchRule PROTOCOL_READS_NO_CLOCK = noClasses()
            .that()
            .resideInAPackage(ROOT + "protocol..")
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.Thread")
            .because("now is a parameter, so that a test can freeze the agent");

    @ArchTest
    static final ArchRule WIRE_KNOWS_NO_STATE = mayUse(
                    "wire", ROOT + "protocol..", "io.penstock.linux..", "io.penstock.net..")
            .because("it sends and hears, whoever decided that");

    @ArchTest
    static final ArchRule WIRE_USES_CODEC_ONLY = noClasses()
            .that()
            .resideInAPackage(ROOT + "wire..")
            .should()
            .dependOnClassesThat()
            .haveSimpleName("VirtualRouter")
            .because("it sends and hears, whoever decided that");

    @ArchTest
    static final ArchRule ADDRESS_KNOWS_NO_PROTOCOL = mayUse(
                    "address",
                    ROOT + "config..",
                    ROOT + "wire..",
                    "io.penstock.lease..",
                    "io.penstock.linux..",
                    "io.penstock.net..",
                    "io.penstock.netlink..",
                    "io.penstock.sysctl..")
            .because("VIPs are held and released, whatever led to that");

    @ArchTest
    static final ArchRule TRACKS_TELL_ONLY = noClasses()
            .that()
            .resideInAPackage(ROOT + "track..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    ROOT + "control..",
                    ROOT + "protocol..",
                    ROOT + "address..",
                    ROOT + "wire..",
                    "io.penstock.netlink..")
            .because("who watches does not decide, and never touches the network");

    @ArchTest
    static final ArchRule CONFIG_NEEDS_NO_KERNEL = noClasses()
            .that()
            .resideInAPackage(ROOT + "config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.penstock.linux..",
                    "io.penstock.netlink..",
                    "io.penstock.process..",
                    ROOT + "address..",
                    ROOT + "wire..",
                    ROOT + "control..")
            .because("a file can be checked without starting anything, on any machine");

    @ArchTest
    static final ArchRule ADMIN_ASKS_BY_OPERATIONS = noClasses()
            .that()
            .resideInAnyPackage(ROOT + "admin..", ROOT + "client..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + "wire..")
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching(".*[.](Controller|VipKeeper|LeasedVips|TrackBoard|Tracks|VirtualRouter)")
            .because("what is shown and ordered goes through the agent's thread");

    @ArchTest
    static final ArchRule CONTROL_IS_ABOVE = noClasses()
            .that()
            .resideInAPackage(ROOT + "control..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + "admin..", ROOT + "client..", "io.penstock.admin..", "io.netty..", "picocli..")
            .because("who asks the agent's thread is none of its business");

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
