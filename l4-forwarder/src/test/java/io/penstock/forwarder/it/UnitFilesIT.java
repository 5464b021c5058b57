package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.Tools;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What systemd thinks of the units without running them. */
@Timeout(60)
class UnitFilesIT {
    private static final Path DIST =
            ForwarderProcess.launcher().resolve("../..").normalize();

    /** Of 10; a service without any sandbox has 9.6, and "OK" ends at 4. */
    private static final double WORST_EXPOSURE = 2.0;

    @TempDir
    Path directory;

    @Test
    void shouldBeWithoutMistake() throws Exception {
        Tools.assume("systemd-analyze");
        for (String unit : new String[] {"l4-forwarder.service", "l4-forwarder.socket"}) {
            // Where it is installed there is a program; here it is that of the build.
            String text = Files.readString(DIST.resolve("share/systemd").resolve(unit));
            Files.writeString(directory.resolve(unit), text.replace("/opt/penstock", DIST.toString()));
        }
        assertEquals("", output("verify", "l4-forwarder.service", "l4-forwarder.socket"));
    }

    @Test
    void shouldHaveDropInsWithoutMistake() throws Exception {
        Tools.assume("systemd-analyze");
        String unit = Files.readString(DIST.resolve("share/systemd/l4-forwarder.service"));
        Files.writeString(directory.resolve("l4-forwarder.service"), unit.replace("/opt/penstock", DIST.toString()));
        Path dropIns = Files.createDirectory(directory.resolve("l4-forwarder.service.d"));
        Files.copy(DIST.resolve("share/systemd/l4-forwarder.service.d/xdp.conf.example"), dropIns.resolve("xdp.conf"));
        assertEquals(
                "", output("verify", directory.resolve("l4-forwarder.service").toString()));
    }

    @Test
    void shouldBeWellSandboxed() throws Exception {
        Tools.assumeRuns("a systemd-analyze that reads files", "systemd-analyze", "security", "--offline=yes", unit());
        Matcher exposure = Pattern.compile("exposure level for l4-forwarder.service: ([0-9.]+)")
                .matcher(output("security", "--offline=yes", unit()));
        assertTrue(exposure.find());
        assertTrue(Double.parseDouble(exposure.group(1)) <= WORST_EXPOSURE, exposure::group);
    }

    private static String unit() {
        return DIST.resolve("share/systemd/l4-forwarder.service").toString();
    }

    private String output(String verb, String... words) throws Exception {
        String[] command = new String[words.length + 2];
        command[0] = "systemd-analyze";
        command[1] = verb;
        System.arraycopy(words, 0, command, 2, words.length);
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor() == 0 || verb.equals("verify"), text);
        return text;
    }
}
