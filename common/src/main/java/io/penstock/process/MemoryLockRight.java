package io.penstock.process;

import static io.penstock.linux.SchedulingConstants.CAP_IPC_LOCK;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether this process may lock as much memory as it likes. */
final class MemoryLockRight {
    /** See proc_pid_status(5) and proc_pid_limits(5). */
    private static final String EFFECTIVE = "CapEff:";

    private static final String LIMIT = "Max locked memory";
    private static final String UNLIMITED = "unlimited";
    private static final int HEXADECIMAL = 16;

    private final Path process;

    MemoryLockRight() {
        this(Path.of("/proc/thread-self"));
    }

    /** @param process a directory with {@code status} and {@code limits} */
    MemoryLockRight(Path process) {
        this.process = process;
    }

    /** False, too, when that cannot be read. */
    boolean held() {
        try {
            return hasCapability() || isUnlimited();
        } catch (IOException | NumberFormatException e) {
            return false;
        }
    }

    private boolean hasCapability() throws IOException {
        long capabilities = Long.parseUnsignedLong(value("status", EFFECTIVE), HEXADECIMAL);
        return ((capabilities >>> CAP_IPC_LOCK) & 1) == 1;
    }

    /** The soft limit comes first. */
    private boolean isUnlimited() throws IOException {
        return value("limits", LIMIT).startsWith(UNLIMITED);
    }

    private String value(String file, String key) throws IOException {
        List<String> lines = Files.readAllLines(process.resolve(file));
        for (String line : lines) {
            if (line.startsWith(key)) {
                return line.substring(key.length()).strip();
            }
        }
        throw new IOException(file + " has no " + key);
    }
}
