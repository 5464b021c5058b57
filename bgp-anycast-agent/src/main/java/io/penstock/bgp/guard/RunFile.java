package io.penstock.bgp.guard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Says that an agent runs with a state directory, to others that would and to its guards: a file that the agent locks for as long as it
 * lives, as the kernel ends the lock with the process, however that ends. In it are how far it is, the process id, and a number that grows
 * with each sign of the agent's thread. One in /run costs no disk. Safe from any thread.
 */
public final class RunFile implements AutoCloseable {
    public static final String NAME = "bgp-anycast-agent.run";

    /** The guard of a former run, if there is one still, is to stay: this run has none yet. */
    private static final String RUNNING = "running";

    /** This run has a guard of its own, or is to have none. */
    private static final String IN_CHARGE = "in-charge";

    /** It has ended as it should. */
    private static final String RELEASED = "released";

    /** All texts are of this length: who overwrites one needs no new room on the file system. */
    private static final int LENGTH = 48;

    /** Guards hold the lock while they look, which takes no time; a former run may still be at its end. */
    private static final long TAKE_LIMIT_NS = TimeUnit.SECONDS.toNanos(2);

    private static final long TAKE_POLL_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Path file;
    private final FileChannel channel;
    private long signs;
    private String word = RUNNING;

    /**
     * As a guard sees it.
     *
     * @param held whether an agent has it
     * @param inCharge whether guards of former runs may go, for all that the last one that had it said
     * @param released whether the last one that had it ended as it should; also when there was none
     * @param pid of the last one that had it; 0 when there was none
     * @param signs another number for each sign of the agent's thread
     */
    record Look(boolean held, boolean inCharge, boolean released, long pid, long signs) {}

    private RunFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Makes this process the agent of the state directory, which is made if there is none.
     *
     * @throws IOException when another process is; or it cannot be written. The message says which
     */
    public static RunFile take(Path stateDirectory) throws IOException {
        Path file = stateDirectory.resolve(NAME);
        FileChannel channel;
        try {
            Files.createDirectories(stateDirectory);
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException("state-directory " + stateDirectory + " cannot be used: " + e, e);
        }
        try {
            long deadlineNs = System.nanoTime() + TAKE_LIMIT_NS;
            while (!tryLock(channel)) {
                if (System.nanoTime() - deadlineNs > 0) {
                    throw new IOException("another agent has the state-directory " + stateDirectory + ", process "
                            + number(words(channel), 1) + "; each needs its own, and an owner of its own");
                }
                LockSupport.parkNanos(TAKE_POLL_NS);
            }
            RunFile taken = new RunFile(file, channel);
            taken.write();
            return taken;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // By this very process.
            return false;
        }
    }

    public Path path() {
        return file;
    }

    /** The agent's thread turns. */
    synchronized void sign() throws IOException {
        if (!word.equals(RELEASED)) {
            signs++;
            write();
        }
    }

    /**
     * Guards of former runs need not care any more, or are to care again.
     *
     * @param now whether this run has a guard of its own, or is to have none
     */
    public synchronized void takeCharge(boolean now) throws IOException {
        if (!word.equals(RELEASED)) {
            word = now ? IN_CHARGE : RUNNING;
            write();
        }
    }

    /** The agent ends as it should: nobody is to do anything after it. */
    public synchronized void release() throws IOException {
        word = RELEASED;
        write();
    }

    private void write() throws IOException {
        String text = String.format(
                Locale.ROOT, "%s %d %d", word, ProcessHandle.current().pid(), signs);
        String padded = text + " ".repeat(LENGTH - 1 - text.length()) + "\n";
        channel.write(ByteBuffer.wrap(padded.getBytes(StandardCharsets.US_ASCII)), 0);
    }

    /** What a guard can know; never by the agent's own process, which would lose its lock. */
    static Look look(Path file) throws IOException {
        if (!Files.exists(file)) {
            return new Look(false, false, true, 0, 0);
        }
        // Shared, so that two guards that look at a time do not take each other for the agent.
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
            // After the lock: what an agent says last it says before that goes.
            String[] words = words(channel);
            boolean inCharge = words[0].equals(IN_CHARGE);
            boolean released = !inCharge && !words[0].equals(RUNNING);
            return new Look(lock == null, inCharge, released, number(words, 1), number(words, 2));
        }
    }

    private static long number(String[] words, int index) {
        return words.length == 3 && words[index].matches("[0-9]{1,18}") ? Long.parseLong(words[index]) : 0;
    }

    private static String[] words(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(LENGTH);
        channel.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII)
                .strip()
                .split(" ", -1);
    }

    /** Not released before, this is as if the process had died. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The kernel has closed it all the same.
            return;
        }
    }
}
