package io.penstock.perf.rig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memory of another JVM, as its own accounts show it after full collections. That JVM must run with {@code
 * -XX:NativeMemoryTracking=summary}.
 *
 * @param heapBytes live objects
 * @param offHeapBytes everything else the JVM has committed: direct buffers, threads, code, its own structures
 * @param residentBytes as the kernel counts it, garbage and caches included
 */
public record JvmMemory(long heapBytes, long offHeapBytes, long residentBytes) {
    /** The serial collector's two generations, by the names of JDK 17 and of JDK 25. */
    private static final Pattern USED = Pattern.compile(
            "^\\s*(?:def new generation|tenured generation|DefNew|Tenured)\\s.*used (\\d+)K", Pattern.MULTILINE);

    private static final int GENERATIONS = 2;
    private static final Pattern TOTAL = Pattern.compile("Total:.*committed=(\\d+)KB");
    private static final Pattern HEAP = Pattern.compile("Java Heap .*committed=(\\d+)KB");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final long KIB = 1024;
    private static final long JCMD_TIMEOUT_S = 30;

    /** Collects garbage in the process and reads its accounts; takes about a second. */
    public static JvmMemory of(long pid) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        jcmd(pid, "GC.run");
        long heap = 0;
        int generations = 0;
        String info = jcmd(pid, "GC.heap_info");
        Matcher used = USED.matcher(info);
        while (used.find()) {
            heap += Long.parseLong(used.group(1)) * KIB;
            generations++;
        }
        if (generations != GENERATIONS) {
            throw new IOException("not the serial collector's heap: " + info);
        }
        String account = jcmd(pid, "VM.native_memory", "summary", "scale=KB");
        long offHeap = kib(TOTAL, account) - kib(HEAP, account);
        long resident = kib(RESIDENT, Files.readString(Path.of("/proc/" + pid + "/status")));
        return new JvmMemory(heap, offHeap, resident);
    }

    private static long kib(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("no '" + pattern + "' in: " + text);
        }
        return Long.parseLong(matcher.group(1)) * KIB;
    }

    private static String jcmd(long pid, String... words) throws IOException, InterruptedException {
        String[] command = new String[words.length + 2];
        command[0] = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        command[1] = Long.toString(pid);
        System.arraycopy(words, 0, command, 2, words.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(JCMD_TIMEOUT_S, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("jcmd " + String.join(" ", words) + " failed: " + output);
        }
        return output;
    }
}
