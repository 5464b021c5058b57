package io.penstock.perf.health;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The CPU time of one thread of this process, in user space and in the kernel, as the scheduler counts it. */
final class TaskClock {
    private final Path schedstat;

    private TaskClock(Path schedstat) {
        this.schedstat = schedstat;
    }

    /** Of the thread with this name; it must be there. */
    static TaskClock of(String threadName) throws IOException {
        List<Path> tasks;
        try (Stream<Path> listed = Files.list(Path.of("/proc/self/task"))) {
            tasks = listed.toList();
        }
        for (Path task : tasks) {
            if (Files.readString(task.resolve("comm")).strip().startsWith(threadName)) {
                return new TaskClock(task.resolve("schedstat"));
            }
        }
        throw new IOException("no thread " + threadName);
    }

    /** See proc(5): the first number is the time spent on a CPU, in nanoseconds. */
    long cpuNs() throws IOException {
        return Long.parseLong(Files.readString(schedstat).split(" ", 2)[0]);
    }
}
