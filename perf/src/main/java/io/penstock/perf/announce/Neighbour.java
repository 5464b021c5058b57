package io.penstock.perf.announce;

import io.penstock.perf.rig.ServerProcess;
import io.penstock.perf.rig.ToolRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The router that gobgpd speaks with: a BIRD in a network namespace without a name, which goes when it ends, at the other end of a veth. Its
 * kernel has the routes that BIRD learns.
 */
final class Neighbour implements AutoCloseable {
    /** This end of the veth, in the namespace of this process. */
    static final String DEVICE = "router";

    static final String OWN_ADDRESS = "198.51.100.2";
    static final String ADDRESS = "198.51.100.1";
    static final int ASN = 64600;

    private static final String CONFIGURATION = """
            log stderr all;
            router id %s;
            protocol device { }
            protocol kernel { ipv4 { import none; export all; }; }
            protocol bgp host {
                local as %d;
                neighbor %s as %d;
                hold time 9;
                connect delay time 0;
                connect retry time 1;
                error wait time 1, 1;
                error forget time 1;
                ipv4 { import all; export none; };
            }
            """;
    private static final Pattern ROUTES = Pattern.compile("(\\d+) of \\d+ routes for (\\d+) networks");
    private static final long LIMIT_S = 10;

    private final Path directory;
    private final ServerProcess bird;

    private Neighbour(Path directory, ServerProcess bird) {
        this.directory = directory;
        this.bird = bird;
    }

    /** Up, with a neighbour that is not there yet. */
    static Neighbour start(Path directory, int hostAsn) throws IOException, InterruptedException {
        Path file = directory.resolve("bird.conf");
        Files.writeString(file, CONFIGURATION.formatted(ADDRESS, ASN, OWN_ADDRESS, hostAsn));
        // It says where it is when it is there, and waits for its cable.
        String steps = "echo > here; until ip link show dev host >/dev/null 2>&1; do sleep 0.02; done;"
                + " ip link set lo up; ip address add " + ADDRESS + "/30 dev host; ip link set host up;"
                + " exec bird -f -c bird.conf -s bird.ctl";
        ServerProcess bird = ServerProcess.start(
                List.of("unshare", "--net", "sh", "-c", "cd " + directory + " && " + steps),
                directory.resolve("bird.log"),
                Map.of());
        Neighbour neighbour = new Neighbour(directory, bird);
        if (!bird.await(() -> Files.exists(directory.resolve("here")))) {
            throw new IOException("no namespace for the router: " + bird.logText());
        }
        run(List.of("ip", "link", "set", "lo", "up"));
        run(List.of("ip", "link", "add", DEVICE, "type", "veth", "peer", "name", "host", "netns", "" + bird.pid()));
        run(List.of("ip", "address", "add", OWN_ADDRESS + "/30", "dev", DEVICE));
        run(List.of("ip", "link", "set", DEVICE, "up"));
        if (!bird.await(() -> Files.exists(directory.resolve("bird.ctl")))) {
            throw new IOException("BIRD did not start: " + bird.logText());
        }
        return neighbour;
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        ToolRun.outputOf(command, LIMIT_S);
    }

    /** How many networks it has learnt. */
    int routes() throws IOException, InterruptedException {
        String control = directory.resolve("bird.ctl").toString();
        String count = ToolRun.outputOf(
                List.of("birdc", "-s", control, "show", "route", "count", "protocol", "host"), LIMIT_S);
        Matcher routes = ROUTES.matcher(count);
        if (!routes.find()) {
            throw new IOException("BIRD says: " + count);
        }
        return Integer.parseInt(routes.group(2));
    }

    /** A command of its host. */
    List<String> onIt(String... words) {
        List<String> command = new ArrayList<>(List.of("nsenter", "-t", "" + bird.pid(), "-n"));
        command.addAll(List.of(words));
        return command;
    }

    @Override
    public void close() {
        bird.close();
    }
}
