package io.penstock.netlink;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * Kernel settings by the names that sysctl(8) gives them: {@code net.ipv4.conf.all.arp_ignore}. As there, a slash stands for a dot within
 * a name: {@code net.ipv4.conf.eth0/100.arp_ignore} is of the interface eth0.100. Those below {@code net} are of the network namespace
 * of the thread that asks.
 */
public final class Sysctls {
    private static final Path PROC_SYS = Path.of("/proc/sys");

    private final Path root;

    public Sysctls() {
        this(PROC_SYS);
    }

    /** Settings below another directory. */
    public Sysctls(Path root) {
        this.root = root;
    }

    /** Whether this kernel has the setting. */
    public boolean exists(String key) {
        return Files.isRegularFile(path(key));
    }

    /**
     * The value as the kernel writes it, without the end of the line.
     *
     * @throws IOException naming the setting: it is not there, or not to be read
     */
    public String read(String key) throws IOException {
        try {
            return Files.readString(path(key)).strip();
        } catch (IOException e) {
            throw refused(key, e);
        }
    }

    /**
     * Sets a value.
     *
     * @throws IOException naming the setting and the value: it is not there, the value is not for it, or this process may not
     */
    public void write(String key, String value) throws IOException {
        try {
            // Never creates: what is not there is not a setting of this kernel.
            Files.writeString(path(key), value, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw refused(key + " = " + value, e);
        }
    }

    private Path path(String key) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            path.append(c == '.' ? '/' : c == '/' ? '.' : c);
        }
        Path file = root.resolve(path.toString()).normalize();
        if (!file.startsWith(root) || file.equals(root)) {
            throw new IllegalArgumentException("no name of a setting: " + key);
        }
        return file;
    }

    private static IOException refused(String what, IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return new IOException(what + ": this kernel has no such setting", cause);
        }
        if (cause instanceof AccessDeniedException) {
            return new IOException(what + ": permission denied", cause);
        }
        String reason = cause instanceof FileSystemException e ? e.getReason() : cause.getMessage();
        return new IOException(what + ": " + Objects.requireNonNullElse(reason, cause.toString()), cause);
    }
}
