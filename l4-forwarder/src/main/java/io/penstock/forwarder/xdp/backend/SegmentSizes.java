package io.penstock.forwarder.xdp.backend;

import io.penstock.forwarder.table.Encapsulation;
import io.penstock.forwarder.xdp.backend.HostRecord.Advertised;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells clients to send segments that fit the tunnel (advmss of routes by a gateway through the interface). Without it the forwarder
 * answers their first full packet with the size that fits, which some networks lose.
 */
final class SegmentSizes implements Step {
    private static final int TCP_OVER_IPV4_OCTETS = 40;
    private static final int TCP_OVER_IPV6_OCTETS = 60;

    /** RFC 9293 section 3.7.1: what everybody takes. */
    private static final int SMALLEST_IPV4 = 536;

    private static final Pattern ADVERTISED = Pattern.compile(" advmss (?:lock )?(\\d{1,5})");

    /** What ip(8) says of a route and does not take back as it is. */
    private static final Pattern STATE = Pattern.compile(" (?:linkdown|dead|offload|trap|rt_offload|notify)\\b");

    private static final Pattern EXPIRY = Pattern.compile(" expires (\\d+)sec");

    private final BackendPlan plan;
    private final HostTool tool;

    SegmentSizes(BackendPlan plan, HostTool tool) {
        this.plan = plan;
        this.tool = tool;
    }

    /** One line of {@code ip route show}, and the family. */
    private record Line(boolean ipv4, String text) {
        private String family() {
            return ipv4 ? "-4" : "-6";
        }

        /** 0 when it says none. */
        private int advertised() {
            Matcher matcher = ADVERTISED.matcher(text);
            return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
        }

        /** As ip(8) takes it; may be empty. */
        private String option() {
            Matcher matcher = ADVERTISED.matcher(text);
            return matcher.find() ? matcher.group() : "";
        }

        /** By which it is known again: without what is said of the segment size, and without what changes on its own. */
        private String route() {
            return EXPIRY.matcher(STATE.matcher(ADVERTISED.matcher(text).replaceAll(""))
                            .replaceAll(""))
                    .replaceAll("")
                    .strip();
        }

        private String destination() {
            return text.split(" ", 2)[0];
        }

        /** With what the option says in place of what was said; it may be empty. */
        private String replacement(String device, String option) {
            String bare = STATE.matcher(ADVERTISED.matcher(text).replaceAll("")).replaceAll("");
            return "ip " + family() + " route replace "
                    + EXPIRY.matcher(bare).replaceAll(" expires $1").strip() + " dev " + device + option;
        }
    }

    private boolean isNeeded() {
        return plan.mss().isPresent() ? plan.mss().getAsInt() > 0 : plan.encapsulation() != Encapsulation.L2;
    }

    @Override
    public String name() {
        return "segment sizes";
    }

    @Override
    public List<Finding> check(Surroundings host, HostRecord record) throws IOException, InterruptedException {
        List<Finding> findings = new ArrayList<>();
        if (!isNeeded()) {
            return findings;
        }
        for (boolean ipv4 : families()) {
            List<Line> lines = lines(plan.interfaceName(), ipv4);
            int fits = fits(host, ipv4);
            String family = ipv4 ? "IPv4" : "IPv6";
            if (lines.isEmpty()) {
                findings.add(Finding.hint(
                        family + " route by a gateway",
                        "none by " + plan.interfaceName(),
                        "advmss " + fits,
                        "answers go another way, which tells clients too large a segment size",
                        "ip " + (ipv4 ? "-4" : "-6") + " route replace CLIENTS via GATEWAY dev INTERFACE advmss "
                                + fits));
            }
            for (Line line : lines) {
                int has = line.advertised();
                findings.add(Finding.of(
                        has > 0 && has <= fits,
                        family + " route " + line.destination(),
                        has == 0 ? "no advmss" : "advmss " + has,
                        "advmss " + fits,
                        "clients' full segments do not fit the tunnel",
                        line.replacement(plan.interfaceName(), " advmss " + fits)));
            }
        }
        return findings;
    }

    @Override
    public List<String> prepare(Surroundings host, HostRecord record) throws IOException, InterruptedException {
        List<String> done = new ArrayList<>();
        if (!isNeeded()) {
            return done;
        }
        for (boolean ipv4 : families()) {
            int fits = fits(host, ipv4);
            for (Line line : lines(plan.interfaceName(), ipv4)) {
                if (line.advertised() == 0 || line.advertised() > fits) {
                    remember(record, line, fits);
                    tool.run(line.replacement(plan.interfaceName(), " advmss " + fits));
                    done.add("gave the route " + line.destination() + " advmss " + fits);
                }
            }
        }
        return done;
    }

    /** What it said before the first call, unless somebody else has changed it since. */
    private void remember(HostRecord record, Line line, int fits) throws IOException {
        Advertised now = new Advertised(plan.interfaceName(), line.ipv4(), line.route(), line.option(), fits);
        String before = record.routes().stream()
                .filter(route -> route.isOfTheSame(now) && route.given() == line.advertised())
                .map(Advertised::before)
                .findFirst()
                .orElse(now.before());
        record.advertised(new Advertised(now.device(), now.ipv4(), now.route(), before, fits));
    }

    /** Only of those that a call has given one and nobody has changed since, once no call needs the interface. */
    @Override
    public List<String> remove(Surroundings host, HostRecord record) throws IOException, InterruptedException {
        List<String> done = new ArrayList<>();
        for (Advertised given : record.routes()) {
            if (record.claims().stream()
                    .noneMatch(claim -> claim.interfaceName().equals(given.device()))) {
                for (Line line : lines(given.device(), given.ipv4())) {
                    if (line.route().equals(given.route()) && line.advertised() == given.given()) {
                        tool.run(line.replacement(given.device(), given.before()));
                        done.add(
                                given.before().isEmpty()
                                        ? "took advmss off the route " + line.destination()
                                        : "gave the route " + line.destination() + given.before() + " again");
                    }
                }
                record.forgotten(given);
            }
        }
        return done;
    }

    private List<Boolean> families() {
        return plan.vips().stream()
                .map(vip -> vip.address().isIpv4())
                .distinct()
                .toList();
    }

    private int fits(Surroundings host, boolean ipv4) throws IOException {
        if (plan.mss().isPresent()) {
            return plan.mss().getAsInt();
        }
        int room = host.required(plan.interfaceName()).mtu() - TunnelFamily.overhead(plan, host);
        return Math.max(room - (ipv4 ? TCP_OVER_IPV4_OCTETS : TCP_OVER_IPV6_OCTETS), SMALLEST_IPV4);
    }

    /** A route of several legs shows them on lines of their own, without a destination, and is left alone. */
    private List<Line> lines(String device, boolean ipv4) throws IOException, InterruptedException {
        return tool.run("ip " + (ipv4 ? "-4" : "-6") + " route show dev " + device)
                .lines()
                .filter(line -> line.contains(" via ") && !line.startsWith("\t"))
                .map(line -> new Line(ipv4, line.strip()))
                .toList();
    }
}
