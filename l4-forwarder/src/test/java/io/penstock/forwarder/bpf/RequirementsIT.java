package io.penstock.forwarder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.Tools;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a process hears that lacks capabilities: a virtual machine of its own, which has dropped them. And that nothing is said to be
 * missing where nothing is.
 */
class RequirementsIT {
    @TempDir
    private Path directory;

    private static final int LIMIT_S = 60;

    /** Prints what is missing, then what comes of trying all the same. */
    static final class Trial {
        public static void main(String[] arguments) {
            Requirements.problems().forEach(System.out::println);
            try (BpfObject sample = BpfRig.sample()) {
                System.out.println("loaded " + sample.shape("table").entries());
            } catch (BpfException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private static List<String> without(String... capabilities) throws Exception {
        BpfRig.assumeLoadable();
        Tools.assume("setpriv");
        List<String> command = new ArrayList<>(List.of("setpriv"));
        if (capabilities.length > 0) {
            command.add("--inh-caps=-" + String.join(",-", capabilities));
            command.add("--bounding-set=-" + String.join(",-", capabilities));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "--add-opens",
                "java.base/jdk.internal.misc=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Trial.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(LIMIT_S, TimeUnit.SECONDS));
        return output.lines().toList();
    }

    /** Other tests are skipped where something is missing: what is not missing would hide all that they know. */
    @Test
    void shouldFindNothingMissingWhereAnotherProgramLoadsTheSame() throws Exception {
        Tools.assume("bpftool", "ldconfig");
        Tools.assumeRuns("libbpf.so.1", "sh", "-c", "ldconfig -p | grep -q 'libbpf\\.so\\.1 '");
        Tools.assumeRuns("Linux 5.15 or newer", "sh", "-c", "printf '%s\\n' 5.15 \"$(uname -r)\" | sort -VC");
        // First: bpftool mounts the BPF file system too.
        List<String> problems = Requirements.problems();
        Path object = directory.resolve("penstock.bpf.o");
        try (InputStream built = BpfObject.class.getResourceAsStream("/io/penstock/forwarder/xdp/penstock.bpf.o")) {
            Files.copy(Objects.requireNonNull(built), object);
        }
        Path pins = BpfPins.ROOT.resolve(
                "penstock-test-requirements-" + ProcessHandle.current().pid());
        try {
            Tools.assumeRuns(
                    "a kernel that lets bpftool load penstock.bpf.o",
                    "bpftool",
                    "prog",
                    "loadall",
                    object.toString(),
                    pins.toString());
            assertEquals(List.of(), problems);
        } finally {
            BpfPins.remove(pins);
        }
    }

    @Test
    void shouldFindNothingMissingAsRoot() throws Exception {
        assertEquals(List.of("loaded 16"), without());
    }

    @Test
    void shouldSayWhichCapabilitiesAreMissingAndThatLoadingTakesThem() throws Exception {
        List<String> lines = without("bpf", "net_admin", "perfmon", "sys_admin");
        assertEquals(
                "this process lacks CAP_BPF, CAP_NET_ADMIN, CAP_PERFMON: XDP takes CAP_BPF, CAP_NET_ADMIN and"
                        + " CAP_PERFMON, or root",
                lines.get(0));
        assertEquals(
                "cannot load sample.bpf.o: operation not permitted (EPERM); it takes CAP_BPF, CAP_NET_ADMIN and"
                        + " CAP_PERFMON, or root",
                lines.get(lines.size() - 1));
    }

    @Test
    void shouldSayThatNetworkAdministrationIsMissing() throws Exception {
        List<String> lines = without("net_admin", "sys_admin");
        assertEquals(
                "this process lacks CAP_NET_ADMIN: XDP takes CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON, or root",
                lines.get(0));
    }
}
