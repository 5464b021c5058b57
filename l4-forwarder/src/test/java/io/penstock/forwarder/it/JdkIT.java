package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every JDK of this machine that the launcher accepts: it runs, and has nothing to warn of. */
@Timeout(60)
class JdkIT {
    private static final Path JDKS = Path.of("/usr/lib/jvm");
    private static final int OLDEST = 17;
    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"([0-9]+)");

    @TempDir
    Path directory;

    static Set<Path> jdks() throws IOException {
        Set<Path> homes = new TreeSet<>();
        homes.add(Path.of(System.getProperty("java.home")).toRealPath());
        if (Files.isDirectory(JDKS)) {
            try (Stream<Path> entries = Files.list(JDKS)) {
                for (Path entry : entries.toList()) {
                    if (Files.isExecutable(entry.resolve("bin/java")) && version(entry) >= OLDEST) {
                        homes.add(entry.toRealPath());
                    }
                }
            }
        }
        return homes;
    }

    private static int version(Path home) throws IOException {
        Path release = home.resolve("release");
        Matcher version = VERSION.matcher(Files.exists(release) ? Files.readString(release) : "");
        return version.find() ? Integer.parseInt(version.group(1)) : 0;
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void shouldRunWithoutAWarning(Path home) throws Exception {
        int port = Ports.free();
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory,
                        ForwarderYaml.of(port, backend)
                                .health("{ interval: 50ms }")
                                .text(),
                        List.of(),
                        Map.of("JAVA_HOME", home.toString()))) {
            for (int i = 0; i < 50; i++) {
                try (var client = Clients.connect(port)) {
                    Clients.assertEchoes(client, "hello " + i);
                    client.shutdownOutput();
                    Clients.assertEnded(client);
                }
            }
            // Probes load what traffic does not.
            Await.until("a few health checks", () -> backend.accepted() > 53);
            assertEquals(0, forwarder.stop());
            assertEquals(50, forwarder.total("closed_completed"));
            assertEquals(0, forwarder.logged("WARN"), forwarder.log());
            assertEquals(0, forwarder.logged("Exception"), forwarder.log());
        }
    }

    @Test
    void shouldSayWhichJavaItNeedsWhenItIsTooOld() throws Exception {
        Path fake = Files.createDirectories(directory.resolve("jdk-11/bin")).getParent();
        Path java = Files.writeString(fake.resolve("bin/java"), "#!/bin/sh\nexit 9\n");
        assertTrue(java.toFile().setExecutable(true));
        Files.writeString(fake.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");
        try (ForwarderProcess forwarder = ForwarderProcess.launch(
                directory,
                ForwarderYaml.to(1, "127.0.0.1:1").text(),
                List.of(),
                Map.of("JAVA_HOME", fake.toString()))) {
            assertEquals(127, forwarder.awaitExit());
            assertEquals(1, forwarder.logged("needs Java 17 or newer", "is 11"), forwarder.log());
        }
    }
}
