package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.testing.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real systemd in namespaces of its own, with the forwarder's units as they are shipped: its network, processes, control
 * groups and /etc are not the host's. {@link #close} ends it with all that it started.
 */
final class SystemdNamespace implements AutoCloseable {
    private static final Path SYSTEMD = Path.of("/lib/systemd/systemd");
    private static final Path LOG = Path.of("run/forwarder.log");
    private static final Path SHARE =
            ForwarderProcess.launcher().resolve("../../share/systemd").normalize();
    private static final int COMMAND_LIMIT_S = 60;
    private static final Duration BOOT_LIMIT = Duration.ofSeconds(30);

    /** What the units want to be ordered by; none of the host's is started. */
    private static final List<String> TARGETS =
            List.of("sysinit", "basic", "shutdown", "sockets", "multi-user", "network-online", "nss-lookup");

    private final Process process;
    private final Path controlGroup;
    private final long init;

    /** What a command said, and how it ended. */
    record Said(int status, String text) {}

    private SystemdNamespace(Process process, Path controlGroup, long init) {
        this.process = process;
        this.controlGroup = controlGroup;
        this.init = init;
    }

    /** The calling test is skipped where there can be none. */
    static SystemdNamespace boot(Path directory, String yaml) throws Exception {
        assumeTrue(Files.isExecutable(SYSTEMD), "skipped: no systemd");
        Tools.assume("unshare", "nsenter", "ip", "useradd", "curl");
        Tools.assumeRuns("namespaces (root) with control groups of version 2", "sh", "-c", """
                unshare --mount --pid --fork --cgroup --uts --ipc --net sh -ec '
                    mount --make-rprivate /
                    mount -t tmpfs tmpfs /run
                    mkdir /run/upper /run/work /run/cgroup
                    mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/upper,workdir=/run/work /etc
                    mount -t cgroup2 cgroup2 /run/cgroup'
                """);
        String java = System.getProperty("java.home");
        assumeTrue(!java.matches("/(root|home|run/user)/.*"), "skipped: the unit sees no Java below a home directory");

        Path site = Files.createDirectory(directory.resolve("site"));
        Files.writeString(site.resolve("forwarder.yaml"), yaml);
        Files.writeString(site.resolve("default"), "JAVA_HOME=" + java + "\n");
        Path units = Files.createDirectory(site.resolve("units"));
        for (String target : TARGETS) {
            Files.writeString(units.resolve(target + ".target"), "[Unit]\nDefaultDependencies=no\nAllowIsolate=yes\n");
        }
        for (String unit : List.of("l4-forwarder.service", "l4-forwarder.socket")) {
            Files.copy(SHARE.resolve(unit), units.resolve(unit));
        }
        Path script = directory.resolve("systemd-namespace.sh");
        try (InputStream in = SystemdNamespace.class.getResourceAsStream("systemd-namespace.sh")) {
            Files.copy(in, script);
        }
        String group = "penstock-it-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
        Process process = new ProcessBuilder(
                        "bash",
                        script.toString(),
                        SHARE.resolve("../..").normalize().toString(),
                        site.toString(),
                        group)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("systemd.log").toFile())
                .start();
        long init = awaitInit(process, directory.resolve("systemd.log"));
        SystemdNamespace namespace = new SystemdNamespace(process, controlGroupOf(group), init);
        namespace.dropIn("log", "StandardOutput=append:/" + LOG + "\nStandardError=append:/" + LOG);
        return namespace;
    }

    /** Of unshare's only child, once it is a systemd that takes orders. */
    private static long awaitInit(Process process, Path log) throws Exception {
        Await.until(() -> "systemd: " + log, BOOT_LIMIT, () -> {
            assertTrue(process.isAlive(), () -> "ended: " + read(log));
            return process.children()
                    .anyMatch(child -> Files.exists(Path.of("/proc/" + child.pid() + "/root/run/systemd/private")));
        });
        return process.children().findFirst().orElseThrow().pid();
    }

    private static Path controlGroupOf(String name) throws IOException {
        for (Path root : List.of(Path.of("/sys/fs/cgroup"), Path.of("/sys/fs/cgroup/unified"))) {
            if (Files.isDirectory(root.resolve(name))) {
                return root.resolve(name);
            }
        }
        throw new IOException("no control group " + name);
    }

    /** Settings of the service beside those that are shipped. */
    void dropIn(String name, String settings) throws Exception {
        dropInFile(name, "[Service]\n" + settings + "\n");
    }

    void dropInFile(String name, String text) throws Exception {
        Path folder = root().resolve("run/units/l4-forwarder.service.d");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(name + ".conf"), text);
        expect(0, "systemctl", "daemon-reload");
    }

    /** Of a file that is shipped beside the units. */
    static String shipped(String name) throws IOException {
        return Files.readString(SHARE.resolve(name));
    }

    /** A file of the namespace. */
    void write(String path, String text) throws IOException {
        Files.writeString(root().resolve(path), text);
    }

    private Path root() {
        return Path.of("/proc/" + init + "/root");
    }

    /** Runs a command inside. */
    Said run(String... command) throws Exception {
        List<String> words = new ArrayList<>(List.of("nsenter", "-t", Long.toString(init), "-a", "--"));
        words.addAll(List.of(command));
        Process one = new ProcessBuilder(words).redirectErrorStream(true).start();
        one.getOutputStream().close();
        String text = new String(one.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(one.waitFor(COMMAND_LIMIT_S, TimeUnit.SECONDS), () -> String.join(" ", command));
        return new Said(one.exitValue(), text.strip());
    }

    /** As {@link #run}, and fails the test with what was said when it ends otherwise. */
    String expect(int status, String... command) throws Exception {
        Said said = run(command);
        assertEquals(status, said.status(), () -> String.join(" ", command) + ": " + said.text() + "\n" + log());
        return said.text();
    }

    /** A property of the service, see systemctl(1) show. */
    String property(String name) throws Exception {
        return expect(0, "systemctl", "show", "-P", name, "l4-forwarder");
    }

    /** What the forwarders of this namespace have logged. */
    String log() {
        return read(root().resolve(LOG));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() throws IOException {
        ProcessHandle.of(init).ifPresent(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
        // The kernel counts a process out of its group a moment after it has ended.
        try {
            Await.until("no process in " + controlGroup, this::tryRemoveControlGroups);
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private boolean tryRemoveControlGroups() throws IOException {
        try (Stream<Path> groups = Files.walk(controlGroup)) {
            for (Path group : groups.filter(Files::isDirectory)
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                Files.delete(group);
            }
            return true;
        } catch (FileSystemException stillInUse) {
            return false;
        }
    }
}
