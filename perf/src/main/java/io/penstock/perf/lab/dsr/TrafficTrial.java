package io.penstock.perf.lab.dsr;

import io.penstock.net.IpAddress;
import io.penstock.perf.Figures;
import io.penstock.perf.lab.dsr.UserPrograms.Datagrams;
import io.penstock.perf.lab.dsr.UserPrograms.Queries;
import io.penstock.perf.rig.WrkReport;
import java.io.IOException;
import java.util.regex.Pattern;

/** What users run, in every encapsulation and family: everything arrives, whole. */
final class TrafficTrial {
    private static final Pattern ANSWER = Pattern.compile("b[123] dsr");
    private static final IpAddress SOURCE4 = IpAddress.parse("10.0.0.2").orElseThrow();
    private static final IpAddress SOURCE6 = IpAddress.parse("2001:db8:0:1::2").orElseThrow();
    private static final int ROUNDS = 3;
    private static final int WRK_S = 1;
    private static final int DATAGRAM_OCTETS = 1_200;
    private static final int LARGE_OCTETS = 4_000;
    private static final int LARGE_DATAGRAMS = 60;

    /** Of datagrams, in percent: the lab's cores are shared with everything else, and a receiver may be late. */
    private static final double LOSS_MAX = 1;

    private static final double PERCENT = 100;
    private static final double GIGA = 1e9;

    private final Stage stage;
    private final UserPrograms programs;

    TrafficTrial(Stage stage) throws IOException {
        this.stage = stage;
        programs = new UserPrograms(stage.scratch());
    }

    void run() throws IOException, InterruptedException {
        for (Way way : Way.values()) {
            for (IpAddress vip : way.vips()) {
                stage.timeline().title(way.title(vip));
                transfers(way.title(vip), vip);
                streams(way.title(vip), vip);
                datagrams(way.title(vip), vip);
            }
        }
    }

    private void transfers(String title, IpAddress vip) throws IOException, InterruptedException {
        IpAddress source = vip.isIpv4() ? SOURCE4 : SOURCE6;
        int done = 0;
        for (int i = 0; i < ROUNDS; i++) {
            done += ANSWER.matcher(programs.get(vip)).matches() ? 1 : 0;
            done += programs.downloads(source, vip) ? 1 : 0;
            done += programs.uploads(source, vip) ? 1 : 0;
        }
        figures().exactly(title + ": curl, answers and 3 MB down and up", done, "of " + 3 * ROUNDS, 3.0 * ROUNDS);
        stage.timeline().now("curl");
    }

    private void streams(String title, IpAddress vip) throws IOException, InterruptedException {
        for (boolean connectionPerRequest : new boolean[] {false, true}) {
            String what = title + (connectionPerRequest ? ": wrk, connection per request" : ": wrk, keep-alive");
            WrkReport wrk = programs.wrk(vip, WRK_S, connectionPerRequest);
            figures().report(what, Math.rint(wrk.perSecond()), "requests/s");
            figures().exactly(what + ", failures", (double) wrk.failures(), "of " + wrk.requests(), 0);
        }
        stage.timeline().now("wrk");
        figures().atLeast(title + ": iperf3 TCP, upload", programs.iperf(vip, false) / GIGA, "Gb/s", 0.001);
        figures().atLeast(title + ": iperf3 TCP, download", programs.iperf(vip, true) / GIGA, "Gb/s", 0.001);
        stage.timeline().now("iperf3 TCP");
    }

    private void datagrams(String title, IpAddress vip) throws IOException, InterruptedException {
        Datagrams datagrams = programs.iperfDatagrams(vip, DATAGRAM_OCTETS);
        figures().atLeast(title + ": iperf3 UDP, sent", (double) datagrams.sent(), "datagrams", 1);
        figures()
                .atMost(
                        title + ": iperf3 UDP, lost",
                        PERCENT * (double) datagrams.lost() / Math.max(1, datagrams.sent()),
                        "%",
                        LOSS_MAX);
        Queries queries = programs.dnsperf(vip);
        figures().atLeast(title + ": dnsperf, completed", (double) queries.completed(), "queries", 1);
        figures().exactly(title + ": dnsperf, lost", (double) queries.lost(), "of " + queries.sent(), 0);
        // The program reads no extension header of IPv6, so no fragment either: a sender has to find out the path's MTU
        // itself.
        if (vip.isIpv4()) {
            Echoes echoes = Echoes.of(vip, LARGE_DATAGRAMS, LARGE_OCTETS);
            figures()
                    .exactly(
                            title + ": UDP of 4,000 octets, returned",
                            echoes.returned(),
                            "of " + LARGE_DATAGRAMS,
                            LARGE_DATAGRAMS);
            figures().report(title + ": UDP of 4,000 octets, at once", echoes.atOnce(), "of " + LARGE_DATAGRAMS);
        }
        stage.timeline().now("iperf3 UDP, dnsperf, datagrams in fragments");
    }

    private Figures figures() {
        return stage.figures();
    }
}
