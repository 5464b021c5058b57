package io.penstock.perf.xdp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The time that all of this machine's CPUs have worked, but for processes that have nothing to do with what is measured: what a packet costs is
 * mostly done by the kernel, in the name of nobody or of anybody. In ticks of 10 ms (proc(5), USER_HZ).
 *
 * @param busyTicks of all CPUs
 * @param foreignTicks of them, those of processes outside of the given network namespaces, and of processes that they have waited for; threads of
 *     the kernel are nobody's, so not foreign
 */
record MachineTime(long busyTicks, long foreignTicks) {
    private static final Path PROC = Path.of("/proc");
    private static final double SECONDS_PER_TICK = 0.01;

    /** Of the line "cpu" of /proc/stat: user, nice, system, then idle and iowait, which are no work, irq, softirq. */
    private static final int[] BUSY = {1, 2, 3, 6, 7};

    /** Of /proc/PID/stat, behind the name: parent, then user and system time, and those of children that were waited for. */
    private static final int PARENT = 1;

    private static final int FIRST_TIME = 11;
    private static final int TIMES = 4;

    /** Of kthreadd, whose children are the kernel's. */
    private static final long KERNEL = 2;

    /**
     * Until now.
     *
     * @param own network namespaces of what is measured, as {@link #namespace} has them; this process is not foreign either
     */
    static MachineTime now(Collection<String> own) throws IOException {
        long foreign = 0;
        try (Stream<Path> processes = Files.list(PROC)) {
            Set<String> inside = new HashSet<>(own);
            for (Path process : processes.filter(MachineTime::isProcess).toList()) {
                foreign += foreignTicks(process, inside);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        String[] fields = Files.readAllLines(PROC.resolve("stat")).get(0).split(" +", -1);
        long busy = 0;
        for (int field : BUSY) {
            busy += Long.parseLong(fields[field]);
        }
        return new MachineTime(busy, foreign);
    }

    /** How /proc names a network namespace that {@code ip netns} has named. */
    static String namespace(String name) throws IOException {
        return "net:[" + Files.getAttribute(Path.of("/run/netns", name), "unix:ino") + "]";
    }

    private static boolean isProcess(Path path) {
        return Character.isDigit(path.getFileName().toString().charAt(0));
    }

    private static long foreignTicks(Path process, Set<String> own) {
        try {
            long pid = Long.parseLong(process.getFileName().toString());
            String stat = Files.readString(process.resolve("stat"));
            // A name may have blanks and parentheses.
            List<String> fields =
                    List.of(stat.substring(stat.lastIndexOf(')') + 2).trim().split(" ", -1));
            boolean kernel = pid == KERNEL || Long.parseLong(fields.get(PARENT)) == KERNEL;
            if (kernel || pid == ProcessHandle.current().pid()) {
                return 0;
            }
            String namespace = Files.readSymbolicLink(process.resolve("ns/net")).toString();
            long ticks = 0;
            for (String time : fields.subList(FIRST_TIME, FIRST_TIME + TIMES)) {
                ticks += Long.parseLong(time);
            }
            return own.contains(namespace) ? 0 : ticks;
        } catch (IOException ended) {
            // Who waits for it has its time.
            return 0;
        }
    }

    /** Of CPU time, without what was foreign. */
    double secondsSince(MachineTime before) {
        return ((busyTicks - before.busyTicks) - (foreignTicks - before.foreignTicks)) * SECONDS_PER_TICK;
    }
}
