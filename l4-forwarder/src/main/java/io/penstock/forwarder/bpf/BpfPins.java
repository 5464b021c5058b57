package io.penstock.forwarder.bpf;

import io.penstock.linux.Errno;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

/**
 * A directory of the BPF file system, which keeps maps and links while no process holds them. {@code ip netns exec} hides
 * the host's: a process that it runs sees none, and may mount an own one that ends with it.
 */
public final class BpfPins {
    /** Where systemd and everybody else mounts it. */
    public static final Path ROOT = Path.of("/sys/fs/bpf");

    private static final Path MOUNTS = Path.of("/proc/self/mounts");
    private static final String TYPE = "bpf";

    /** Mounts. Public only because jnr-ffi implements it from another package. */
    public interface LibC {
        /** See mount(2). */
        int mount(String source, String target, String type, long flags, String data);
    }

    private BpfPins() {}

    /**
     * The directory, made if it is not there; the file system is mounted if none is.
     *
     * @param directory below {@link #ROOT}
     */
    public static Path directory(Path directory) throws BpfException {
        mount();
        try {
            // Others have no business with the maps, and could change them.
            return Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new BpfException("cannot make " + directory + ": " + e.getMessage());
        }
    }

    /** Removes what is pinned in the directory, and it; nothing if it is not there. A map or link nobody else holds ends. */
    public static void remove(Path directory) throws BpfException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> pins = Files.newDirectoryStream(directory)) {
            for (Path pin : pins) {
                Files.delete(pin);
            }
            Files.delete(directory);
        } catch (IOException e) {
            throw new BpfException("cannot remove " + directory + ": " + e.getMessage());
        }
    }

    static void mount() throws BpfException {
        if (isMounted()) {
            return;
        }
        LibC libc = LibraryLoader.create(LibC.class).failImmediately().load("c");
        if (libc.mount(TYPE, ROOT.toString(), TYPE, 0, "mode=0700") != 0) {
            int errno = LastError.getLastError(Runtime.getRuntime(libc));
            throw BpfException.because(
                    "no BPF file system at " + ROOT + ", and mounting one failed",
                    Errno.describe(errno) + "; run: mount -t bpf bpf " + ROOT,
                    -errno);
        }
    }

    private static boolean isMounted() throws BpfException {
        try {
            return isMounted(Files.readString(MOUNTS));
        } catch (IOException e) {
            throw new BpfException("cannot read " + MOUNTS + ": " + e.getMessage());
        }
    }

    /**
     * Whether what one sees at {@link #ROOT} is a BPF file system.
     *
     * @param mounts as in /proc/self/mounts, see fstab(5): later mounts lie over earlier ones
     */
    static boolean isMounted(String mounts) {
        boolean mounted = false;
        for (String line : mounts.lines().toList()) {
            String[] fields = line.split(" ", 4);
            if (fields.length == 4 && ROOT.equals(Path.of(fields[1]))) {
                mounted = fields[2].equals(TYPE);
            } else if (fields.length == 4 && ROOT.startsWith(fields[1])) {
                // Over a directory above it.
                mounted = false;
            }
        }
        return mounted;
    }
}
