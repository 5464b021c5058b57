package io.penstock.forwarder.xdp;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** Of the processes that want to write a plane's maps one does. Ends with the process, whatever ends that. */
final class PlaneLock implements AutoCloseable {
    private static final long LOOK_NS = 20_000_000L;

    private final FileChannel channel;

    private PlaneLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits for a process that is on its way out.
     *
     * @param onWait told when there is one
     * @throws XdpException when it is not by then
     */
    static PlaneLock take(String plane, long waitNs, Runnable onWait) throws XdpException {
        Path file = file(plane);
        FileChannel channel;
        try {
            Files.createDirectories(Names.DIRECTORY);
            channel = RunFiles.openLock(file);
        } catch (IOException e) {
            throw new XdpException("cannot open " + file + ": " + RunFiles.why(e));
        }
        long deadlineNs = System.nanoTime() + waitNs;
        boolean locked = tryLock(channel);
        if (!locked) {
            onWait.run();
        }
        while (!locked && System.nanoTime() - deadlineNs < 0) {
            LockSupport.parkNanos(LOOK_NS);
            locked = tryLock(channel);
        }
        PlaneLock lock = new PlaneLock(channel);
        if (!locked) {
            lock.close();
            throw new XdpException("another process has the XDP data plane '" + plane + "' (it holds " + file
                    + "): two of them need different names (xdp.name) and interfaces");
        }
        return lock;
    }

    /**
     * Whether a process has it. Not to be asked for a plane of this process: who closes a file gives up all locks of its process on it,
     * see fcntl(2).
     */
    static boolean isTaken(String plane) {
        Path file = file(plane);
        try (FileChannel channel = RunFiles.openLockThatIsThere(file)) {
            return !tryLock(channel);
        } catch (IOException | XdpException e) {
            // None has had it since this host was started.
            return false;
        }
    }

    private static Path file(String plane) {
        return Names.DIRECTORY.resolve("xdp-" + plane + ".lock");
    }

    private static boolean tryLock(FileChannel channel) throws XdpException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            throw new XdpException("cannot lock: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The lock is gone all the same: its descriptor is.
            return;
        }
    }
}
