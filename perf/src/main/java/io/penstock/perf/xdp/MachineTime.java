package io.penstock.perf.xdp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The time that all of this machine's CPUs have worked, but for processes that have nothing to do with what is measured: what a packet costs is
 * mostly done by the kernel, in the name of nobody or of anybody. Work is what was not idle, which the kernel measures by its clock: the times
 * of work in /proc/stat are counted in ticks, which know nothing of a soft interrupt on a CPU that sleeps (NO_HZ_IDLE).
 *
 * @param atNs {@code System.nanoTime()}
 * @param cpus that are there
 * @param restTicks of all CPUs: idle, waiting for a disk, or taken away by the hypervisor
 * @param foreignTicks of processes outside of the given network namespaces, and of processes that they have waited for; threads of the kernel are
 *     nobody's, so not foreign
 */
record MachineTime(long atNs, int cpus, long restTicks, long foreignTicks) {
    private static final Path PROC = Path.of("/proc");
    private static final Pattern BLANKS = Pattern.compile(" +");
    private static final Pattern CPU = Pattern.compile("cpu[0-9].*");

    /** Of 10 ms (proc(5), USER_HZ). */
    private static final double SECONDS_PER_TICK = 0.01;

    private static final double SECONDS_PER_NANO = 1e-9;

    /** Of the line "cpu" of /proc/stat: idle, iowait, steal. */
    private static final int[] REST = {4, 5, 8};

    /** Of /proc/PID/stat, behind the name: state, parent, then user and system time, and those of children that were waited for. */
    private static final int STATE = 0;

    private static final int PARENT = 1;

    private static final int FIRST_TIME = 11;
    private static final int TIMES = 4;

    /** Ended, and nobody has waited for it: it has no namespace any more, but still its time. */
    private static final String ZOMBIE = "Z";

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
        List<String> stat = Files.readAllLines(PROC.resolve("stat"));
        long atNs = System.nanoTime();
        int cpus = (int) stat.stream().filter(CPU.asMatchPredicate()).count();
        return new MachineTime(atNs, cpus, restTicks(stat.get(0)), foreign);
    }

    /** Of a line of /proc/stat. */
    static long restTicks(String line) {
        String[] fields = BLANKS.split(line, -1);
        long rest = 0;
        for (int field : REST) {
            rest += Long.parseLong(fields[field]);
        }
        return rest;
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
            if (kernel || pid == ProcessHandle.current().pid() || isOwn(process, fields.get(STATE), own)) {
                return 0;
            }
            long ticks = 0;
            for (String time : fields.subList(FIRST_TIME, FIRST_TIME + TIMES)) {
                ticks += Long.parseLong(time);
            }
            return ticks;
        } catch (IOException ended) {
            // Who waits for it has its time.
            return 0;
        }
    }

    private static boolean isOwn(Path process, String state, Set<String> own) throws IOException {
        return !state.equals(ZOMBIE)
                && own.contains(
                        Files.readSymbolicLink(process.resolve("ns/net")).toString());
    }

    /** Of CPU time, without what was foreign. */
    double secondsSince(MachineTime before) {
        double all = (atNs - before.atNs) * SECONDS_PER_NANO * cpus;
        return all - (restTicks - before.restTicks + foreignTicks - before.foreignTicks) * SECONDS_PER_TICK;
    }
}
