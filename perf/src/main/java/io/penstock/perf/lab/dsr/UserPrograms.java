package io.penstock.perf.lab.dsr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.net.IpAddress;
import io.penstock.perf.rig.ToolRun;
import io.penstock.perf.rig.WrkReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What users run against a VIP: curl, wrk, iperf3, dnsperf. They run where this process does, on the clients' host. */
final class UserPrograms {
    /** What the backends have and take, in octets. */
    static final int BODY_OCTETS = 3_000_000;

    private static final int SLACK_S = 30;
    private static final int CURL_LIMIT_S = 20;
    private static final int IPERF_PORT = 5201;
    private static final int DATAGRAMS_MBIT = 10;
    private static final Pattern QUERIES = Pattern.compile("Queries (sent|completed|lost): +(\\d+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path body;
    private final Path queries;

    /**
     * Writes what they send.
     *
     * @param scratch a directory
     */
    UserPrograms(Path scratch) throws IOException {
        body = Files.write(scratch.resolve("body"), new byte[BODY_OCTETS]);
        queries = Files.writeString(scratch.resolve("queries"), "www.lab.test A\nns.lab.test A\n");
    }

    /**
     * Datagrams of iperf3.
     *
     * @param lost of those that were sent
     */
    record Datagrams(long sent, long lost) {}

    /** Queries of dnsperf. */
    record Queries(long sent, long completed, long lost) {}

    /** The body of an answer. */
    String get(IpAddress vip) throws IOException, InterruptedException {
        return ToolRun.outputOf(curl(vip, "/"), SLACK_S).trim();
    }

    /** From an address of this host; whether all of it came. */
    boolean downloads(IpAddress source, IpAddress vip) throws IOException, InterruptedException {
        return transfers(source, vip, "/3mb", "%{http_code} %{size_download}");
    }

    /** From an address of this host; whether all of it was taken. */
    boolean uploads(IpAddress source, IpAddress vip) throws IOException, InterruptedException {
        return transfers(source, vip, "/upload", "%{http_code} %{size_upload}", "--upload-file", body.toString());
    }

    private static boolean transfers(IpAddress source, IpAddress vip, String path, String report, String... more)
            throws IOException, InterruptedException {
        List<String> words = curl(vip, path);
        words.addAll(List.of("--interface", source.toString(), "-o", "/dev/null", "-w", report));
        words.addAll(List.of(more));
        return ToolRun.of(words, SLACK_S).output().trim().equals("200 " + BODY_OCTETS);
    }

    private static List<String> curl(IpAddress vip, String path) {
        return new ArrayList<>(List.of("curl", "-sS", "-m", Integer.toString(CURL_LIMIT_S), url(vip) + path));
    }

    /** With 32 connections, which stay or serve a request each. */
    WrkReport wrk(IpAddress vip, int seconds, boolean connectionPerRequest) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("wrk", "-t1", "-c32", "-d" + seconds + "s", url(vip) + "/"));
        if (connectionPerRequest) {
            words.addAll(List.of("-H", "Connection: close"));
        }
        return WrkReport.parse(ToolRun.outputOf(words, seconds + SLACK_S));
    }

    private static String url(IpAddress vip) {
        return "http://" + (vip.isIpv4() ? vip.toString() : "[" + vip + "]");
    }

    /** Bits a second that were received, of what clients send or of what they fetch. */
    double iperf(IpAddress vip, boolean reverse) throws IOException, InterruptedException {
        JsonNode end = iperf(vip, reverse ? List.of("--reverse") : List.of());
        return end.path("sum_received").path("bits_per_second").asDouble();
    }

    Datagrams iperfDatagrams(IpAddress vip, int octets) throws IOException, InterruptedException {
        JsonNode sum = iperf(vip, List.of("--udp", "-b", DATAGRAMS_MBIT + "M", "-l", Integer.toString(octets)))
                .path("sum");
        return new Datagrams(
                sum.path("packets").asLong(), sum.path("lost_packets").asLong());
    }

    private static JsonNode iperf(IpAddress vip, List<String> more) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(
                List.of("iperf3", "--json", "-t", "1", "-p", Integer.toString(IPERF_PORT), "-c", vip.toString()));
        words.addAll(more);
        String output = ToolRun.of(words, SLACK_S).output();
        JsonNode report = JSON.readTree(output.substring(Math.max(0, output.indexOf('{'))));
        if (report.hasNonNull("error")) {
            throw new IOException("iperf3: " + report.get("error").asText());
        }
        return report.path("end");
    }

    Queries dnsperf(IpAddress vip) throws IOException, InterruptedException {
        String output = ToolRun.outputOf(
                List.of(
                        "dnsperf",
                        "-s",
                        vip.toString(),
                        "-d",
                        queries.toString(),
                        "-c",
                        "16",
                        "-q",
                        "20",
                        "-Q",
                        "5000",
                        "-l",
                        "1",
                        "-t",
                        "2"),
                SLACK_S);
        long sent = 0;
        long completed = 0;
        long lost = 0;
        Matcher matcher = QUERIES.matcher(output);
        while (matcher.find()) {
            long count = Long.parseLong(matcher.group(2));
            switch (matcher.group(1)) {
                case "sent" -> sent = count;
                case "completed" -> completed = count;
                default -> lost = count;
            }
        }
        return new Queries(sent, completed, lost);
    }
}
