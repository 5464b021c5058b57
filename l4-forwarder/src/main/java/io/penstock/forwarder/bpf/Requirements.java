package io.penstock.forwarder.bpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this host and this process must have for BPF; asked before anything is tried, for an error then says little. */
public final class Requirements {
    static final String CAPABILITIES = "CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON, or root";

    /**
     * The first with long support that has all of: links of XDP (5.9), ring buffers and CAP_BPF (5.8), arrays of arrays that can be
     * mapped (5.5), tunnels of Ethernet frames for probes (5.13).
     */
    private static final int KERNEL_MAJOR = 5;

    private static final int KERNEL_MINOR = 15;

    private static final Path KERNEL = Path.of("/proc/sys/kernel/osrelease");
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

    /** See capabilities(7) and linux/capability.h. */
    private static final int CAP_NET_ADMIN = 12;

    private static final int CAP_SYS_ADMIN = 21;
    private static final int CAP_PERFMON = 38;
    private static final int CAP_BPF = 39;

    private Requirements() {}

    /** One sentence for each thing that is missing; the BPF file system is mounted if it can be. */
    public static List<String> problems() {
        List<String> problems = new ArrayList<>(ofKernel(read(KERNEL).strip()));
        problems.addAll(ofCapabilities(read(STATUS)));
        if (!Libbpf.trouble().isEmpty()) {
            problems.add(Libbpf.trouble());
        }
        try {
            BpfPins.mount();
        } catch (BpfException e) {
            problems.add(e.getMessage());
        }
        return problems;
    }

    /**
     * What is wrong with a kernel.
     *
     * @param release as of uname(2)
     */
    static List<String> ofKernel(String release) {
        Matcher version = VERSION.matcher(release);
        if (!version.matches()) {
            // Nothing that can be compared: the kernel itself will say what it does not have.
            return List.of();
        }
        int major = Integer.parseInt(version.group(1));
        int minor = Integer.parseInt(version.group(2));
        if (major > KERNEL_MAJOR || (major == KERNEL_MAJOR && minor >= KERNEL_MINOR)) {
            return List.of();
        }
        return List.of("kernel " + release + " is too old for XDP: " + KERNEL_MAJOR + "." + KERNEL_MINOR
                + " or newer is needed");
    }

    /**
     * Which capabilities are missing.
     *
     * @param status as in /proc/self/status, see proc(5)
     */
    static List<String> ofCapabilities(String status) {
        long effective = status.lines()
                .filter(line -> line.startsWith("CapEff:"))
                .map(line -> Long.parseUnsignedLong(
                        line.substring("CapEff:".length()).strip(), 16))
                .findFirst()
                .orElse(-1L);
        List<String> missing = new ArrayList<>();
        boolean sysAdmin = has(effective, CAP_SYS_ADMIN);
        if (!sysAdmin && !has(effective, CAP_BPF)) {
            missing.add("CAP_BPF");
        }
        if (!has(effective, CAP_NET_ADMIN)) {
            missing.add("CAP_NET_ADMIN");
        }
        if (!sysAdmin && !has(effective, CAP_PERFMON)) {
            missing.add("CAP_PERFMON");
        }
        return missing.isEmpty()
                ? List.of()
                : List.of("this process lacks " + String.join(", ", missing) + ": XDP takes " + CAPABILITIES);
    }

    private static boolean has(long capabilities, int bit) {
        return ((capabilities >>> bit) & 1) != 0;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            // Without /proc nothing can be said; what is missing shows when it is used.
            return "";
        }
    }
}
