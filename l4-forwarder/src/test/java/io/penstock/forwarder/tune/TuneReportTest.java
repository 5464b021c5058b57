package io.penstock.forwarder.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.penstock.forwarder.config.ForwarderConfigReader;
import io.penstock.forwarder.tune.Finding.Verdict;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a /proc of files. */
class TuneReportTest {
    private static final String WEB = """
            workers: 2
            limits: { connections: 20000 }
            services: { web: { listen: "192.0.2.10:80" } }
            pools: { web: { backends: ["10.0.0.11:8080", "10.0.0.12:8080"] } }
            """;

    @TempDir
    Path directory;

    private final Map<IpAddress, String> interfaces = new HashMap<>();

    /** A host with all that a modest configuration needs. */
    @BeforeEach
    void setUp() throws IOException {
        interfaces.put(address("192.0.2.10"), "eth0");
        openFiles(1_048_576);
        set("fs.nr_open", "1048576");
        set("fs.file-max", "9223372036854775807");
        set("fs.pipe-user-pages-soft", "16384");
        set("net.core.somaxconn", "4096");
        set("net.core.rmem_max", "4194304");
        set("net.core.wmem_max", "4194304");
        set("net.ipv4.tcp_max_syn_backlog", "4096");
        set("net.ipv4.tcp_syncookies", "1");
        set("net.ipv4.tcp_abort_on_overflow", "0");
        set("net.ipv4.tcp_fastopen", "1");
        set("net.ipv4.ip_local_port_range", "32768\t60999");
        set("net.ipv4.ip_local_reserved_ports", "");
        set("net.ipv4.tcp_tw_reuse", "1");
        set("net.ipv4.ip_nonlocal_bind", "0");
        for (String device : List.of("all", "default", "lo", "eth0")) {
            set("net.ipv4.conf." + device + ".rp_filter", "0");
            set("net.ipv4.conf." + device + ".arp_ignore", "0");
            set("net.ipv4.conf." + device + ".arp_announce", "0");
        }
    }

    @Test
    void shouldFindNothingToChangeOnAHostThatHasItAll() throws IOException {
        TuneReport report = report(WEB);
        assertEquals(List.of(), notOk(report));
        assertFalse(report.isShort());
        assertEquals("# /etc/sysctl.d/60-penstock.conf\n\n", report.sysctlFile());
    }

    @Test
    void shouldCountTheDescriptorsOfAllThatTheFileAllows() throws IOException {
        openFiles(1_024);
        set("fs.nr_open", "20000");
        // 2 for each of 20,000 connections, 2 listeners, 2 workers with 32 pipes of 2 ends, and 512 to spare.
        assertEquals(
                List.of("short open files (RLIMIT_NOFILE) 1024 40642", "short fs.nr_open 20000 40642"),
                notOk(report(WEB)));
        String unbounded = WEB.replace("limits: { connections: 20000 }\n", "");
        openFiles(40_642);
        set("fs.nr_open", "1048576");
        assertEquals(List.of("short open files (RLIMIT_NOFILE) 40642 65536"), notOk(report(unbounded)));
    }

    @Test
    void shouldWantMorePortsWhenABackendMayHaveMoreConnectionsThanThere() throws IOException {
        String many = WEB.replace("20000", "100000").replace("workers", "splice: none\nworkers");
        assertEquals(List.of("short net.ipv4.ip_local_port_range, pool web 28232 50000"), notOk(report(many)));
        assertTrue(report(many).sysctlFile().contains("\nnet.ipv4.ip_local_port_range = 10240 65535\n"));
        String tooMany = WEB.replace("20000", "400000").replace("workers", "splice: none\nworkers");
        Finding ports = report(tooMany).findings().stream()
                .filter(finding -> finding.verdict() == Verdict.SHORT)
                .findFirst()
                .orElseThrow();
        assertEquals("more source.addresses in the pool: 4", ports.remedy());
        assertEquals(Optional.empty(), ports.sysctl());
    }

    @Test
    void shouldSayWhichListenersAnOutgoingConnectionMightTakeThePortOf() throws IOException {
        set("net.ipv4.ip_local_reserved_ports", "40000,41000-41002");
        String high = WEB.replace("\"192.0.2.10:80\"", "[\"*:40000\", \"*:41002-41003\", \"*:32767\"]");
        assertEquals(
                List.of("better net.ipv4.ip_local_reserved_ports 40000,41000-41002 40000,41000-41002,41003"),
                notOk(report(high)));
    }

    @Test
    void shouldWantBuffersForUdpOnly() throws IOException {
        set("net.core.rmem_max", "212992");
        set("net.core.wmem_max", "212992");
        String udp = """
                limits: { sessions: 1000 }
                services: { dns: { listen: "*:53", protocol: udp, udp: { receive-buffer: 8MiB } } }
                pools: { dns: { backends: ["10.0.0.53:53"] } }
                """;
        assertEquals(
                List.of("short net.core.rmem_max 212992 8388608", "short net.core.wmem_max 212992 4194304"),
                notOk(report(udp)));
        assertEquals(List.of(), notOk(report(WEB)));
    }

    @Test
    void shouldWantWhatTheFileAsksForOfTheBacklog() throws IOException {
        set("net.core.somaxconn", "128");
        assertEquals(List.of("better net.core.somaxconn 128 4096"), notOk(report(WEB)));
        String asked = WEB.replace("\"192.0.2.10:80\"", "\"192.0.2.10:80\", tcp: { backlog: 8192 }");
        assertEquals(List.of("short net.core.somaxconn 128 8192"), notOk(report(asked)));
    }

    @Test
    void shouldWantTheKernelToAllowFastOpenWhereTheFileHasIt() throws IOException {
        String listener = WEB.replace("\"192.0.2.10:80\"", "\"192.0.2.10:80\", tcp: { fast-open: 16 }");
        assertEquals(List.of("short net.ipv4.tcp_fastopen 1 3"), notOk(report(listener)));
    }

    @Test
    void shouldFindAddressesThatNobodyHas() throws IOException {
        interfaces.clear();
        assertEquals(
                List.of("short net.ipv4.ip_nonlocal_bind 0 1, or 192.0.2.10 on an interface, or freebind: true"),
                notOk(report(WEB)));
        assertEquals(List.of(), notOk(report(WEB.replace("\"192.0.2.10:80\"", "\"192.0.2.10:80\", freebind: true"))));
        set("net.ipv4.ip_nonlocal_bind", "1");
        assertEquals(List.of(), notOk(report(WEB)));
    }

    @Test
    void shouldKeepTheNetworkFromLearningAnAddressOnLoopback() throws IOException {
        interfaces.put(address("192.0.2.10"), "lo");
        assertEquals(
                List.of("better net.ipv4.conf.eth0.arp_ignore 0 1", "better net.ipv4.conf.eth0.arp_announce 0 2"),
                notOk(report(WEB)));
        set("net.ipv4.conf.all.arp_ignore", "1");
        set("net.ipv4.conf.all.arp_announce", "2");
        assertEquals(List.of(), notOk(report(WEB)));
    }

    @Test
    void shouldRefuseStrictReversePathsWhereClientsAddressesComeFromBackends() throws IOException {
        set("net.ipv4.conf.all.rp_filter", "1");
        assertEquals(List.of(), notOk(report(WEB)));
        String transparent = WEB.replace("{ backends", "{ source: { transparent: true }, backends");
        assertEquals(List.of("short net.ipv4.conf.eth0.rp_filter 1 0 or 2"), notOk(report(transparent)));
        set("net.ipv4.conf.eth0.rp_filter", "2");
        assertEquals(List.of(), notOk(report(transparent)));
    }

    @Test
    void shouldCountTrackedFlowsWhereTheKernelTracksThem() throws IOException {
        set("net.netfilter.nf_conntrack_max", "30000");
        assertEquals(List.of("short net.netfilter.nf_conntrack_max 30000 40000"), notOk(report(WEB)));
    }

    @Test
    void shouldSayNothingOfWhatCannotBeRead() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("proc"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        assertEquals(List.of(), report(WEB).findings());
    }

    @Test
    void shouldExplainEachLineToPeopleAndPrograms() throws IOException {
        set("net.ipv4.tcp_syncookies", "0");
        TuneReport report = report(WEB);
        assertTrue(report.isShort());
        StringWriter text = new StringWriter();
        report.printTable(new PrintWriter(text, true));
        List<String> lines = text.toString().lines().toList();
        assertTrue(lines.get(0).matches(" +SETTING +HAS +NEEDS +WHY"), lines.get(0));
        assertTrue(text.toString().contains("        set: sysctl -w \"net.ipv4.tcp_syncookies=1\"\n"), text.toString());
        JsonObject json = JsonParser.parseString(report.json()).getAsJsonObject();
        assertTrue(json.get("short").getAsBoolean());
        assertEquals(report.findings().size(), json.getAsJsonArray("findings").size());
        assertEquals("""
                # /etc/sysctl.d/60-penstock.conf
                # without cookies a flood of forged SYNs keeps every client out
                net.ipv4.tcp_syncookies = 1
                """, report.sysctlFile());
    }

    private TuneReport report(String yaml) throws IOException {
        Path file = Files.writeString(directory.resolve("forwarder.yaml"), yaml);
        Host host = new Host(directory.resolve("proc"), address -> Optional.ofNullable(interfaces.get(address)));
        return TuneReport.of(ForwarderConfigReader.read(file), host, "self");
    }

    private static List<String> notOk(TuneReport report) {
        return report.findings().stream()
                .filter(finding -> finding.verdict() != Verdict.OK)
                .map(finding -> finding.verdict().name().toLowerCase(Locale.ROOT) + " " + finding.what() + " "
                        + finding.has() + " " + finding.needs())
                .toList();
    }

    private void set(String name, String value) throws IOException {
        Path file = directory.resolve("proc/sys").resolve(name.replace('.', '/'));
        Files.createDirectories(file.getParent());
        Files.writeString(file, value + "\n");
    }

    private void openFiles(int limit) throws IOException {
        Path file = directory.resolve("proc/self/limits");
        Files.createDirectories(file.getParent());
        Files.writeString(file, """
                Limit                     Soft Limit           Hard Limit           Units
                Max open files            %d                 1048576              files
                """.formatted(limit));
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }
}
