package io.penstock.process;

import static io.penstock.linux.SchedulingConstants.SCHED_FIFO;
import static io.penstock.linux.SchedulingConstants.SCHED_RESET_ON_FORK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.linux.Errno;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.Syscalls;
import java.lang.reflect.Proxy;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class RealtimeTest {
    /** Fields of proc_pid_stat(5), counted from behind the name. */
    private static final int PRIORITY_FIELD = 37;

    private static final int POLICY_FIELD = 38;

    private static final String NO_CAPABILITY = "0000000000000000";
    private static final String IPC_LOCK = "0000000000004000";
    private static final String ALL_BUT_IPC_LOCK = "000001ffffffbfff";

    @TempDir
    Path process;

    private final List<String> calls = new ArrayList<>();
    private int answer;

    /** As the kernel: a mask that is asked for is what was set, but for CPUs from 2 on, which are not there. */
    private final Syscalls scripted = (Syscalls) Proxy.newProxyInstance(
            Syscalls.class.getClassLoader(), new Class<?>[] {Syscalls.class}, (proxy, method, arguments) -> {
                switch (method.getName()) {
                    case "schedSetscheduler" -> calls.add("scheduler " + arguments[1] + " " + number(arguments[2]));
                    case "schedSetaffinity" -> calls.add("affinity " + number(arguments[2]));
                    case "schedGetaffinity" ->
                        new UnsafeBuffer((long) arguments[2], Integer.BYTES).putInt(0, 3, ByteOrder.nativeOrder());
                    case "mlockall" -> calls.add("mlockall " + arguments[0]);
                    default -> throw new AssertionError(method);
                }
                return answer;
            });

    private static int number(Object address) {
        return new UnsafeBuffer((long) address, Integer.BYTES).getInt(0, ByteOrder.nativeOrder());
    }

    private Realtime realtime(String capabilities, String limit) throws Exception {
        Files.writeString(process.resolve("status"), "Name:\tjava\nCapEff:\t" + capabilities + "\n");
        Files.writeString(
                process.resolve("limits"),
                "Limit                     Soft Limit           Hard Limit           Units\n"
                        + "Max locked memory         " + limit + "              bytes\n");
        return new Realtime(scripted, new MemoryLockRight(process));
    }

    private static SortedSet<Integer> cpus(Integer... cpus) {
        return new TreeSet<>(List.of(cpus));
    }

    @Test
    void shouldAskForNothingUnlessItIsWanted() throws Exception {
        assertEquals(List.of(), realtime(IPC_LOCK, "unlimited").apply(OptionalInt.empty(), false, cpus()));
        assertEquals(List.of(), calls);
    }

    @Test
    void shouldAskForEverything() throws Exception {
        assertEquals(List.of(), realtime(IPC_LOCK, "8388608").apply(OptionalInt.of(10), true, cpus(0, 1)));
        int policy = SCHED_FIFO | SCHED_RESET_ON_FORK;
        assertEquals(List.of("affinity 3", "mlockall 7", "scheduler " + policy + " 10"), calls);
    }

    @Test
    void shouldSayWhatPriorityTakes() throws Exception {
        answer = -Errno.EPERM;
        assertEquals(
                List.of(
                        "SCHED_FIFO with priority 10: takes CAP_SYS_NICE, or RLIMIT_RTPRIO of at least 10 (systemd: LimitRTPRIO=10), "
                                + "and a control group that may have realtime threads"),
                realtime(IPC_LOCK, "8388608").apply(OptionalInt.of(10), false, cpus()));
    }

    /** Each of them fails by itself. */
    @Test
    void shouldSayWhatKernelSays() throws Exception {
        answer = -Errno.EINVAL;
        assertEquals(
                List.of(
                        "CPUs [7]: invalid argument (EINVAL); this process has none of them",
                        "locking memory: invalid argument (EINVAL)",
                        "SCHED_FIFO with priority 100: invalid argument (EINVAL)"),
                realtime(IPC_LOCK, "8388608").apply(OptionalInt.of(100), true, cpus(7)));
    }

    @Test
    void shouldNameCpusThatAreMissing() throws Exception {
        assertEquals(
                List.of("CPUs [7, 9000]: this process has only the others of [1, 7, 9000]"),
                realtime(IPC_LOCK, "8388608").apply(OptionalInt.empty(), false, cpus(1, 7, 9000)));
        assertEquals(List.of("affinity 130"), calls);
    }

    /** The kernel would accept some limits, and refuse the JVM memory later. */
    @ParameterizedTest
    @CsvSource({
        IPC_LOCK + ", 8388608, true",
        NO_CAPABILITY + ", unlimited, true",
        NO_CAPABILITY + ", 8388608, false",
        ALL_BUT_IPC_LOCK + ", 99999999999, false"
    })
    void shouldLockMemoryOnlyWithRightToAllOfIt(String capabilities, String limit, boolean locked) throws Exception {
        List<String> problems = realtime(capabilities, limit).apply(OptionalInt.empty(), true, cpus());
        assertEquals(locked ? List.of("mlockall 7") : List.of(), calls);
        assertEquals(
                locked
                        ? List.of()
                        : List.of("locking memory: takes CAP_IPC_LOCK, or no RLIMIT_MEMLOCK"
                                + " (systemd: LimitMEMLOCK=infinity)"),
                problems);
    }

    @Test
    void shouldNotLockMemoryWhereProcIsNotThere() {
        Realtime realtime = new Realtime(scripted, new MemoryLockRight(process));
        assertEquals(1, realtime.apply(OptionalInt.empty(), true, cpus()).size());
        assertEquals(List.of(), calls);
    }

    /** Of a thread of its own, which goes with it: a thread that it starts has the CPU, and the usual scheduling. */
    @Test
    void shouldBeWhatKernelSaysOfThread() throws Exception {
        FutureTask<List<String>> child =
                new FutureTask<>(() -> List.of(status("Cpus_allowed_list:"), stat(POLICY_FIELD)));
        FutureTask<List<String>> thread = new FutureTask<>(() -> {
            List<String> problems = new Realtime(new LinuxSyscalls()).apply(OptionalInt.of(3), false, cpus(0));
            assumeTrue(problems.isEmpty(), () -> "skipped: " + problems);
            new Thread(child, "child").start();
            return List.of(status("Cpus_allowed_list:"), stat(POLICY_FIELD), stat(PRIORITY_FIELD));
        });
        new Thread(thread, "realtime").start();
        assertEquals(List.of("0", "1", "3"), result(thread));
        assertEquals(List.of("0", "0"), result(child));
    }

    /** An assumption of the other thread is one of the test. */
    private static List<String> result(FutureTask<List<String>> task) throws Exception {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static String status(String key) throws Exception {
        return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip())
                .findFirst()
                .orElseThrow();
    }

    private static String stat(int field) throws Exception {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[field];
    }
}
