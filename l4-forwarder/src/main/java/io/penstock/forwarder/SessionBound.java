package io.penstock.forwarder;

import io.penstock.forwarder.config.ForwarderConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many sessions of UDP the process may have: as configured, or as many as its descriptors allow. */
final class SessionBound {
    private static final Path LIMITS = Path.of("/proc/self/limits");

    /** Soft limit, hard limit, and their unit; see proc_pid_limits(5). */
    private static final Pattern OPEN_FILES = Pattern.compile("(?m)^Max open files\\s+(\\d{1,18})\\s");

    /** Where the limit cannot be read, the usual one. */
    private static final int USUAL_DESCRIPTORS = 1024;

    private SessionBound() {}

    /** At least 1. */
    static int of(ForwarderConfig config) {
        return config.maxSessions().orElseGet(() -> share(descriptors()));
    }

    /** Each has one descriptor; a quarter stays for listeners, connections of TCP, checks and the process itself. */
    static int share(int descriptors) {
        return Math.max(1, descriptors / 4 * 3);
    }

    private static int descriptors() {
        try (var in = Files.newInputStream(LIMITS)) {
            return parsed(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return USUAL_DESCRIPTORS;
        }
    }

    static int parsed(String limits) {
        Matcher line = OPEN_FILES.matcher(limits);
        return line.find() ? (int) Math.min(Integer.MAX_VALUE, Long.parseLong(line.group(1))) : USUAL_DESCRIPTORS;
    }
}
