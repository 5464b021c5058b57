package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jnr.ffi.LibraryLoader;

/**
 * One thread of a process that does not get on, while the others do, until this is closed. By ptrace(2), of which only the thread that
 * began may end it. It is stopped where it has nothing to do: the virtual machine waits for one that runs Java code, or that
 * asks something of the machine itself, and with it all others.
 */
final class StoppedThread implements AutoCloseable {
    private static final long SEIZE = 0x4206;
    private static final long INTERRUPT = 0x4207;
    private static final long DETACH = 17;
    private static final int WALL = 0x4000_0000;
    private static final int ATTEMPTS = 100;

    /** Longer than a thread waits that has something to do. */
    private static final int IDLE_MS = 50;

    /** poll, epoll_wait, ppoll, epoll_pwait and futex, of x86-64 and of aarch64 (syscalls(2)). */
    private static final Set<Integer> WAITS =
            System.getProperty("os.arch").equals("amd64") ? Set.of(7, 232, 271, 281, 202) : Set.of(73, 22, 98);

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
            Path task = Path.of("/proc", Long.toString(process), "task", Integer.toString(stopped.thread));
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                String sleep = sleep(task);
                Thread.sleep(IDLE_MS);
                if (!sleep(task).equals(sleep)) {
                    continue;
                }
                assertEquals(0, stopped.libc.ptrace(SEIZE, stopped.thread, 0, 0), name);
                assertEquals(0, stopped.libc.ptrace(INTERRUPT, stopped.thread, 0, 0), name);
                assertEquals(stopped.thread, stopped.libc.waitpid(stopped.thread, 0, WALL), name);
                if (isWaiting(task)) {
                    return null;
                }
                assertEquals(0, stopped.libc.ptrace(DETACH, stopped.thread, 0, 0), name);
            }
            throw new AssertionError(name + " is never idle");
        });
        return stopped;
    }

    /** Another one each time it gets on. */
    private static String sleep(Path task) throws IOException {
        return Files.readAllLines(task.resolve("status")).stream()
                .filter(line -> line.startsWith("State:") || line.contains("ctxt_switches:"))
                .collect(Collectors.joining(" "));
    }

    /** Where it was when it was stopped; see proc(5) of the file syscall: a negative number is no system call. */
    private static boolean isWaiting(Path task) throws IOException {
        String call = Files.readString(task.resolve("syscall")).strip();
        return WAITS.contains(Integer.parseInt(call.split(" ", 2)[0]));
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
