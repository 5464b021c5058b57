package io.penstock.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What systemd thinks of the unit that a program ships, without running it. After the build of its distribution. */
@Timeout(60)
public abstract class UnitFile {
    private static final Path DIST =
            Path.of(System.getProperty("basedir", ".")).toAbsolutePath().resolve("target/dist");

    private final String unit;
    private final double worstExposure;

    @TempDir
    Path directory;

    /**
     * Of one program.
     *
     * @param unit its file name
     * @param worstExposure of 10; a service without any sandbox has 9.6, and "OK" ends at 4
     */
    protected UnitFile(String unit, double worstExposure) {
        this.unit = unit;
        this.worstExposure = worstExposure;
    }

    @Test
    final void shouldBeWithoutMistake() throws Exception {
        // Where it is installed there is a program; here it is that of the build.
        String text = Files.readString(file());
        Files.writeString(directory.resolve(unit), text.replace("/opt/penstock", DIST.toString()));
        assertEquals("", output("verify", unit));
    }

    @Test
    final void shouldBeWellSandboxed() throws Exception {
        Matcher exposure = Pattern.compile("exposure level for " + Pattern.quote(unit) + ": ([0-9.]+)")
                .matcher(output("security", "--offline=yes", file().toString()));
        assertTrue(exposure.find());
        assertTrue(Double.parseDouble(exposure.group(1)) <= worstExposure, exposure::group);
    }

    private Path file() {
        return DIST.resolve("share/systemd").resolve(unit);
    }

    /** Of systemd-analyze; the calling test is skipped where there is none, or one that cannot read files. */
    private String output(String verb, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("systemd-analyze", verb));
        command.addAll(List.of(words));
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException none) {
            return abort("skipped: no systemd-analyze");
        }
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        assumeFalse(text.contains("--offline"), "skipped: a systemd-analyze that reads no files");
        assertTrue(status == 0 || verb.equals("verify"), text);
        return text;
    }
}
