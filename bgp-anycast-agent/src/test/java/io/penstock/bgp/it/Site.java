package io.penstock.bgp.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminClient;
import io.penstock.bgp.it.Router.Make;
import io.penstock.bgp.it.Router.Session;
import io.penstock.testing.NetworkNamespace;
import io.penstock.testing.TestDaemon;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Predicate;

/** A {@link Link} with all that belongs there: a bare gobgpd and the agent on the host that announces, and the router that hears of it. */
final class Site {
    /** What every configuration here begins with. */
    private static final String HEAD = """
            admin: { listen: "unix:@DIRECTORY@/admin.sock" }
            state-directory: @DIRECTORY@
            global: { asn: 65001, router-id: 10.0.0.1 }
            allow: [192.0.2.0/24, 198.18.0.0/15, "2001:db8:1::/48"]
            """;

    private final Path directory;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Link link;
    private final Gobgpd gobgpd;

    Site(Path directory) throws Exception {
        this.directory = directory;
        Gobgpd.assumeInstalled();
        // FRR's daemons are of another user, and what lies here is theirs below this.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        link = closing(new Link());
        gobgpd = closing(Gobgpd.onSocket(host(), directory, directory.resolve("gobgpd.sock")));
    }

    /** What starts a process on the host that announces. */
    TestDaemon.Host host() {
        return namespace()::start;
    }

    /** Of the host that announces. */
    NetworkNamespace namespace() {
        return link.site();
    }

    NetworkNamespace routerNamespace() {
        return link.router();
    }

    Gobgpd gobgpd() {
        return gobgpd;
    }

    /** Closed with this, before what is here already. */
    <T extends AutoCloseable> T closing(T closeable) {
        opened.push(closeable);
        return closeable;
    }

    Router router(Make make, Session session) throws Exception {
        return closing(make.start(link.router(), Files.createDirectory(directory.resolve(make.name())), session));
    }

    /** Writes a file beside the configuration that nobody but its owner may read. */
    void writeSecret(String name, String text) throws Exception {
        Path file = Files.writeString(directory.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** @param yaml below what every configuration here has; {@code @DIRECTORY@} is this one's */
    Path write(String yaml) throws Exception {
        return Files.writeString(file(), (HEAD + yaml).replace("@DIRECTORY@", directory.toString()));
    }

    private Path file() {
        return directory.resolve("agent.yaml");
    }

    /** Starts the agent with this, and returns when it knows the daemon. */
    Agent run(String yaml) throws Exception {
        write(yaml);
        Agent agent = closing(Agent.start(host(), directory.resolve("agent.log"), "run", "-c", file().toString()));
        agent.await("state=connected");
        return agent;
    }

    /** What a command says, which must succeed. */
    String command(String command, String... more) throws Exception {
        String[] words = new String[more.length + 3];
        System.arraycopy(new String[] {command, "-c", file().toString()}, 0, words, 0, 3);
        System.arraycopy(more, 0, words, 3, more.length);
        try (Agent typed = Agent.start(host(), directory.resolve("command.log"), words)) {
            assertEquals(0, typed.awaitExit(), typed::log);
            return typed.log();
        }
    }

    JsonObject status() throws Exception {
        AdminAddress.Unix address = new AdminAddress.Unix(directory.resolve("admin.sock"));
        try (AdminClient client = new AdminClient(address, Duration.ofSeconds(20))) {
            AdminClient.Reply reply = client.send("GET", "/v1/status", Optional.empty());
            assertTrue(reply.isSuccess(), reply::body);
            return JsonParser.parseString(reply.body()).getAsJsonObject();
        }
    }

    /** The neighbour or the VIP of this name in the status; empty while there is none. */
    Optional<JsonObject> status(String of, String name) throws Exception {
        for (JsonElement each : status().getAsJsonArray(of)) {
            if (each.getAsJsonObject().get("name").getAsString().equals(name)) {
                return Optional.of(each.getAsJsonObject());
            }
        }
        return Optional.empty();
    }

    /** Until the VIP or the neighbour is in this state. */
    void awaitState(String of, String name, String state) throws Exception {
        Waiting.until(() -> name + " is " + state, () -> status(of, name)
                .filter(one -> one.get("state").getAsString().equals(state))
                .isPresent());
    }

    /** Until the router has it so. */
    static SeenRoute await(Router router, String prefix, Predicate<SeenRoute> wanted) throws Exception {
        Waiting.until(
                () -> "the router has " + prefix + " as it should be",
                () -> router.route(prefix).filter(wanted).isPresent());
        return router.route(prefix).orElseThrow();
    }

    static void awaitNone(Router router, String prefix) throws Exception {
        Waiting.until(
                () -> "the router has no " + prefix, () -> router.route(prefix).isEmpty());
    }

    void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}
