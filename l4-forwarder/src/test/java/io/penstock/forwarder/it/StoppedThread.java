package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import jnr.ffi.LibraryLoader;

/**
 * One thread of a process that does not get on, while the others do, until this is closed. By ptrace(2), of which only the thread that
 * began may end it. For threads that wait in the kernel: one that runs Java code would keep the collector waiting for all.
 */
final class StoppedThread implements AutoCloseable {
    private static final long SEIZE = 0x4206;
    private static final long INTERRUPT = 0x4207;
    private static final long DETACH = 17;
    private static final int WALL = 0x4000_0000;
    private static final int ATTEMPTS = 100;
    private static final int BETWEEN_ATTEMPTS_MS = 10;

    private final ExecutorService tracer = Executors.newSingleThreadExecutor();
    private final Libc libc = LibraryLoader.create(Libc.class).load("c");
    private final String name;
    private final int thread;

    /** As jnr-ffi wants it; see ptrace(2) and waitpid(2). */
    public interface Libc {
        long ptrace(long request, long thread, long address, long data);

        int waitpid(int thread, long status, int options);
    }

    private StoppedThread(String name, int thread) {
        this.name = name;
        this.thread = thread;
    }

    static StoppedThread of(long process, String name) throws Exception {
        StoppedThread stopped = new StoppedThread(name, find(process, name));
        stopped.call(() -> {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                assertEquals(0, stopped.libc.ptrace(SEIZE, stopped.thread, 0, 0), name);
                assertEquals(0, stopped.libc.ptrace(INTERRUPT, stopped.thread, 0, 0), name);
                assertEquals(stopped.thread, stopped.libc.waitpid(stopped.thread, 0, WALL), name);
                if (isInKernel(process, stopped.thread)) {
                    return null;
                }
                assertEquals(0, stopped.libc.ptrace(DETACH, stopped.thread, 0, 0), name);
                Thread.sleep(BETWEEN_ATTEMPTS_MS);
            }
            throw new AssertionError(name + " never waits in the kernel");
        });
        return stopped;
    }

    /** Where it was when it was stopped; see proc(5) of the file syscall: a negative number is no system call. */
    private static boolean isInKernel(long process, int thread) throws IOException {
        return !Files.readString(Path.of("/proc", Long.toString(process), "task", Integer.toString(thread), "syscall"))
                .startsWith("-");
    }

    private static int find(long process, String name) throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(process), "task"))) {
            List<Path> found = tasks.filter(task -> name(task).equals(name)).toList();
            assertEquals(1, found.size(), name);
            return Integer.parseInt(found.get(0).getFileName().toString());
        }
    }

    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (IOException gone) {
            return "";
        }
    }

    private void call(Callable<Void> action) throws Exception {
        Void unused = tracer.submit(action).get();
    }

    @Override
    public String toString() {
        return name + " (" + thread + ") is stopped";
    }

    @Override
    public void close() {
        Future<?> unused = tracer.submit(() -> libc.ptrace(DETACH, thread, 0, 0));
        tracer.shutdown();
    }
}
