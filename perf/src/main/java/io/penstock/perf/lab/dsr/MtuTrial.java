package io.penstock.perf.lab.dsr;

import io.penstock.net.IpAddress;
import io.penstock.perf.lab.dsr.Plane.Counter;
import java.io.IOException;

/**
 * The link between client and router takes 1,300 octets only. Backends are told so by ICMP that comes to the VIP, and has to find the one whose
 * packet it was.
 */
final class MtuTrial {
    private static final int TRANSFERS = 3;

    /** Of 10.100.0.0/16 and 2001:db8:100::/64, from here on: nobody has learned a path's MTU to these yet. */
    private static final int FIRST_HOST = 0x4000;

    private final Stage stage;
    private final UserPrograms programs;
    private int hosts = FIRST_HOST;

    MtuTrial(Stage stage) throws IOException {
        this.stage = stage;
        programs = new UserPrograms(stage.scratch());
    }

    void run() throws IOException, InterruptedException {
        stage.timeline().title("MTU 1300 between client and router");
        stage.breakThing("mtu");
        for (Way way : Way.values()) {
            for (IpAddress vip : way.vips()) {
                double steered = stage.count(Counter.ICMP_STEERED);
                int done = 0;
                for (int i = 0; i < TRANSFERS; i++) {
                    IpAddress source = source(vip.isIpv4());
                    done += programs.downloads(source, vip) ? 1 : 0;
                    done += programs.uploads(source, vip) ? 1 : 0;
                }
                String title = "MTU 1300, " + way.title(vip);
                stage.figures().exactly(title + ": 3 MB down and up", done, "of " + 2 * TRANSFERS, 2.0 * TRANSFERS);
                stage.figures()
                        .atLeast(title + ": ICMP steered", stage.count(Counter.ICMP_STEERED) - steered, "packets", 1);
                stage.timeline().now(way.title(vip));
            }
        }
        stage.heal("mtu");
    }

    private IpAddress source(boolean ipv4) {
        int host = hosts++;
        return ipv4
                ? IpAddress.ofIpv4(10 << 24 | 100 << 16 | host)
                : IpAddress.parse("2001:db8:100::" + Integer.toHexString(host)).orElseThrow();
    }
}
