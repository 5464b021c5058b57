package io.penstock.perf.compare;

import io.penstock.perf.rig.Cores;
import io.penstock.perf.rig.ToolRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a result depends on besides the contestants: hardware, kernel, versions. */
public final class Machine {
    private static final int TIMEOUT_S = 10;
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm'Z'");
    private static final double KIB_PER_GIB = 1 << 20;
    private static final Pattern VERSION = Pattern.compile("(?:version |version: nginx/|wrk |iperf )([^ \\n]+)");

    private Machine() {}

    /**
     * By what it is, in the order of a report.
     *
     * @param command that measures, as it was typed
     */
    public static Map<String, String> facts(String command, Cores cores) throws IOException, InterruptedException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Date", ZonedDateTime.now(ZoneOffset.UTC).format(DATE));
        facts.put("Command", command);
        facts.put("CPU", field("/proc/cpuinfo", "model name\\s*: (.*)"));
        facts.put("Cores", cores.count() + "; " + cores.describe());
        double memory = Double.parseDouble(field("/proc/meminfo", "MemTotal:\\s+(\\d+) kB")) / KIB_PER_GIB;
        facts.put("Memory", Math.round(memory) + " GiB");
        facts.put("Kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("System", field("/etc/os-release", "PRETTY_NAME=\"(.*)\""));
        facts.put("JDK", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        facts.put("HAProxy", version("haproxy", "-v"));
        facts.put("nginx", version("nginx", "-v"));
        facts.put("wrk", version("wrk", "-v"));
        facts.put("iperf3", version("iperf3", "--version"));
        return facts;
    }

    /** Of the last minute: how many threads ran or wanted to. */
    public static String loadAverage() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[0];
    }

    private static String field(String file, String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
        return matcher.find() ? matcher.group(1) : "unknown";
    }

    private static String version(String tool, String option) throws IOException, InterruptedException {
        if (Tools.find(tool).isEmpty()) {
            return "absent";
        }
        // wrk prints its version and fails.
        return versionIn(ToolRun.of(List.of(Tools.require(tool).toString(), option), TIMEOUT_S)
                .output());
    }

    static String versionIn(String output) {
        Matcher matcher = VERSION.matcher(output);
        return matcher.find() ? matcher.group(1) : output.lines().findFirst().orElse("unknown");
    }
}
