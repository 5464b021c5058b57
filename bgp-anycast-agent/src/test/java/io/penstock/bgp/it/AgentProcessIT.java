package io.penstock.bgp.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.penstock.testing.TestDaemon;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent's process beside a real gobgpd: how it starts, how it ends, and what it leaves. Without neighbours: what is announced is in the
 * daemon's table. Times are printed; what is asserted of them allows for a machine that is busy with other tests.
 */
@Timeout(180)
class AgentProcessIT {
    private static final String WEB = "192.0.2.10/32";
    private static final String DNS = "192.0.2.53/32";
    private static final String FOREIGN = "192.0.2.77/32";

    /** Of nobody, and there for a moment only. */
    private static final String MARKER = "198.51.100.250/32";

    private static final String OWNER = "65001:9:1";

    /** Of an address that nobody else uses. */
    private static final int SERVED_PORT = 8080;

    private static final String WEB_ALWAYS = "web: { prefix: 192.0.2.10/32, presence: false, health: none }";
    private static final String DNS_ALWAYS = "dns: { prefix: 192.0.2.53/32, presence: false, health: none }";

    @TempDir
    Path directory;

    private final List<Agent> agents = new ArrayList<>();
    private InetAddress own;
    private Gobgpd gobgpd;

    @BeforeEach
    void startDaemon() throws Exception {
        Gobgpd.assumeInstalled();
        own = Gobgpd.ownLoopback();
        gobgpd = Gobgpd.onLoopback(directory, own);
    }

    @AfterEach
    void end() {
        agents.forEach(Agent::close);
        if (gobgpd != null) {
            gobgpd.close();
        }
    }

    private Path write(String more, String... vips) throws Exception {
        String yaml = """
                state-directory: %s
                gobgp: { address: "%s:50051" }
                global: { asn: 65001, router-id: 192.0.2.1, listen-port: none }
                allow: [ 192.0.2.0/24, 198.18.0.0/15 ]
                %s
                vips:
                  %s
                """.formatted(directory.resolve("state"), own.getHostAddress(), more, String.join("\n  ", vips));
        return Files.writeString(directory.resolve("agent.yaml"), yaml);
    }

    private Agent start(String... words) throws Exception {
        Agent agent = Agent.start(directory.resolve("agent.log"), words);
        agents.add(agent);
        return agent;
    }

    /** Runs with this, until it knows the daemon. */
    private Agent run(String more, String... vips) throws Exception {
        Agent agent = start("run", "-c", write(more, vips).toString());
        agent.await("state=connected");
        return agent;
    }

    private Set<String> rib() throws Exception {
        return new TreeSet<>(JsonParser.parseString(gobgpd.cli("global rib -j"))
                .getAsJsonObject()
                .keySet());
    }

    private void awaitRib(String... prefixes) throws Exception {
        Waiting.until(() -> "the table is " + Set.of(prefixes) + "\n" + logs(), () -> rib().equals(Set.of(prefixes)));
    }

    private String logs() {
        return agents.stream().map(Agent::log).collect(Collectors.joining("\n"));
    }

    private static void print(String what, long sinceNs) {
        System.out.println(
                what + ": " + Duration.ofNanos(System.nanoTime() - sinceNs).toMillis() + " ms");
    }

    @Test
    void shouldAnnounceWhileChecksPassAndWithdrawWhenTheyFail() throws Exception {
        Agent agent;
        try (ServerSocket server = new ServerSocket(SERVED_PORT, 50, own)) {
            agent = run(
                    "guard: off",
                    "web: { prefix: 192.0.2.10/32, presence: false, health: { tcp: {}, address: " + own.getHostAddress()
                            + ", port: " + server.getLocalPort()
                            + ", interval: 1s, timeout: 1s, rise: 1, fall: 2 } }");
            awaitRib(WEB);
            assertTrue(gobgpd.cli("global rib").contains(OWNER), "marked as the agent's");
        }
        agent.await("event=withdrawn subject=web after-ms=");
        awaitRib();
        try (ServerSocket unused = new ServerSocket(SERVED_PORT, 50, own)) {
            assertTrue(unused.isBound());
            awaitRib(WEB);
        }
    }

    @Test
    void shouldLeaveNothingButOthersPathsWhenKilled() throws Exception {
        Agent agent = run("", WEB_ALWAYS, DNS_ALWAYS);
        awaitRib(WEB, DNS);
        gobgpd.cli("global rib add " + FOREIGN);
        agent.awaitGuard();

        long sinceNs = System.nanoTime();
        agent.kill();
        awaitRib(FOREIGN);
        print("gone after SIGKILL of the agent", sinceNs);
        Waiting.until(() -> "the guard has ended", () -> !agent.isGuardAlive());
    }

    @Test
    void shouldLeaveNothingWhenKilledBeforeGuardIsReady() throws Exception {
        Agent agent = run("", WEB_ALWAYS);
        agent.await("guard started");
        awaitRib(WEB);
        agent.kill();
        awaitRib();
    }

    @Test
    void shouldLeaveNothingWhenNextRunIsKilledBeforeItHasGuard() throws Exception {
        Agent agent = run("", WEB_ALWAYS);
        awaitRib(WEB);
        agent.awaitGuard();
        // Nobody can withdraw meanwhile, and the next run does not see the daemon.
        gobgpd.freeze();
        agent.kill();
        Agent next = start("run", "-c", directory.resolve("agent.yaml").toString());
        Waiting.until(agent::log, () -> agent.log().contains("event=guard-stays"));
        next.kill();
        gobgpd.thaw();
        awaitRib();
        Waiting.until(() -> "the guard has ended", () -> !agent.isGuardAlive());
    }

    @Test
    void shouldBeWithdrawnWhileFrozenAndAnnounceAgainAfter() throws Exception {
        Agent agent = run("guard: 1s", WEB_ALWAYS);
        awaitRib(WEB);
        agent.awaitGuard();

        long sinceNs = System.nanoTime();
        agent.freeze();
        awaitRib();
        print("gone after SIGSTOP of the agent, with guard: 1s", sinceNs);
        agent.signal("CONT");
        awaitRib(WEB);
        agent.await("what=withdrew");
        agent.terminate();
    }

    @Test
    void shouldNotObeyWhatEndsTheAgentWhenItIsTheGuard() throws Exception {
        Agent agent = run("", WEB_ALWAYS);
        agent.awaitGuard();
        for (String signal : List.of("TERM", "INT", "HUP")) {
            Process kill = new ProcessBuilder("sh", "-c", "kill -s " + signal + " " + agent.guard()).start();
            assertEquals(0, kill.waitFor());
        }
        TimeUnit.MILLISECONDS.sleep(300);
        assertTrue(agent.isGuardAlive());
        awaitRib(WEB);
        agent.kill();
        awaitRib();
    }

    @Test
    void shouldStartAnotherGuardWhenOneDies() throws Exception {
        Agent agent = run("", WEB_ALWAYS);
        agent.awaitGuard();
        long first = agent.guard();
        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        Waiting.until(() -> "another guard", () -> agent.guard() != first);
        agent.awaitGuard(2);
        agent.kill();
        awaitRib();
    }

    @Test
    void shouldWithdrawWhenTerminated() throws Exception {
        Agent agent = run("", WEB_ALWAYS);
        awaitRib(WEB);
        gobgpd.cli("global rib add " + FOREIGN);
        agent.terminate();
        assertEquals(Set.of(FOREIGN), rib());
        assertFalse(agent.isGuardAlive());
    }

    @Test
    void shouldLeaveToGuardWhatDaemonDoesNotConfirmWhenTerminated() throws Exception {
        Agent agent = run("", WEB_ALWAYS);
        awaitRib(WEB);
        agent.awaitGuard();
        gobgpd.freeze();
        agent.signal("TERM");
        assertEquals(0, agent.awaitExit(), agent::log);
        assertTrue(agent.log().contains("state=stopped clean=false"), agent::log);
        gobgpd.thaw();
        // Whether there is anything left or the daemon has caught up on the agent's own calls.
        Waiting.until(agent::log, () -> agent.log().contains("event=guard-withdrew"));
        assertEquals(Set.of(), rib());
    }

    @Test
    void shouldDrainFirstWhenTerminatedAndConfiguredSo() throws Exception {
        Agent agent = run(
                "on-stop: drain",
                "web: { prefix: 192.0.2.10/32, presence: false, health: none, attributes: { draining: { wait: 5s } } }");
        awaitRib(WEB);
        long sinceNs = System.nanoTime();
        agent.signal("TERM");
        // As gobgp(1) calls GRACEFUL_SHUTDOWN of RFC 8326.
        Waiting.until(() -> "draining", () -> gobgpd.cli("global rib").contains("planned-shut"));
        assertEquals(0, agent.awaitExit(), agent::log);
        assertTrue(System.nanoTime() - sinceNs >= TimeUnit.SECONDS.toNanos(5), agent::log);
        assertEquals(Set.of(), rib());
    }

    @Test
    void shouldWithdrawAtOnceWhenTerminatedTwice() throws Exception {
        Agent agent = run(
                "on-stop: drain",
                "web: { prefix: 192.0.2.10/32, presence: false, health: none, attributes: { draining: { wait: 10m } } }");
        awaitRib(WEB);
        agent.signal("TERM");
        agent.await("state=stopping");
        TimeUnit.MILLISECONDS.sleep(300);
        assertEquals(Set.of(WEB), rib());
        agent.terminate();
        assertEquals(Set.of(), rib());
    }

    @Test
    void shouldKeepPathsForNextRunThatAdoptsThem() throws Exception {
        Agent agent = run("on-stop: keep", WEB_ALWAYS);
        awaitRib(WEB);
        agent.awaitGuard();
        TestDaemon monitor = gobgpd.watch(directory.resolve("monitor.log"));
        // What came before it was listened to is not told.
        Waiting.until(() -> "the monitor hears", () -> {
            gobgpd.cli("global rib add " + MARKER);
            gobgpd.cli("global rib del " + MARKER);
            return monitor.log().contains(MARKER);
        });
        gobgpd.cli("global rib add " + FOREIGN);

        agent.terminate();
        assertEquals(Set.of(WEB, FOREIGN), rib());
        Agent next = run("on-stop: keep", WEB_ALWAYS);
        next.await("to=up");
        next.awaitGuard();

        gobgpd.cli("global rib del " + FOREIGN);
        Waiting.until(() -> "the monitor hears", () -> monitor.log().contains("[DELROUTE] " + FOREIGN));
        monitor.kill();
        assertFalse(monitor.log().contains(WEB), monitor::log);
    }

    @Test
    void shouldAnnounceAllAgainWhenDaemonWasKilled() throws Exception {
        int count = 1_000;
        List<String> vips = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            vips.add("v%d: { prefix: 198.18.%d.%d/32, presence: false, health: none }".formatted(i, i / 250, i % 250));
        }
        Agent agent = run("", vips.toArray(String[]::new));
        Waiting.until(() -> "all are announced", () -> rib().size() == count);

        gobgpd.kill();
        agent.await("state=lost");
        long sinceNs = System.nanoTime();
        gobgpd.start();
        print("gobgpd started again", sinceNs);
        Waiting.until(() -> "all are announced again", () -> ribSize() == count);
        print("1,000 paths back after gobgpd was started again", sinceNs);
        agent.terminate();
        assertEquals(0, rib().size());
    }

    /** Of one that may not have been started yet. */
    private int ribSize() {
        try {
            return rib().size();
        } catch (AssertionError | Exception notYet) {
            return -1;
        }
    }

    @Test
    void shouldRepairWhatOthersDelete() throws Exception {
        Agent agent = run("guard: off", WEB_ALWAYS, DNS_ALWAYS);
        awaitRib(WEB, DNS);
        gobgpd.cli("global rib del all");
        agent.await("event=repaired");
        awaitRib(WEB, DNS);
    }

    @Test
    void shouldApplyReloadWholeOrNotAtAll() throws Exception {
        Agent agent = run("guard: off", WEB_ALWAYS);
        awaitRib(WEB);
        write("guard: off", DNS_ALWAYS, "outside: { prefix: 203.0.113.1/32, presence: false, health: none }");
        agent.signal("HUP");
        agent.await("event=config-refused");
        TimeUnit.MILLISECONDS.sleep(200);
        assertEquals(Set.of(WEB), rib());

        write("guard: off", DNS_ALWAYS);
        agent.signal("HUP");
        awaitRib(DNS);
    }

    @Test
    void shouldRefuseToRunTwice() throws Exception {
        Agent agent = run("guard: off", WEB_ALWAYS);
        awaitRib(WEB);
        Agent second = start("run", "-c", directory.resolve("agent.yaml").toString());
        assertEquals(1, second.awaitExit());
        assertTrue(second.log().contains("another agent has the state-directory"), second::log);
        assertTrue(second.log().contains("process " + agent.pid() + ";"), second::log);
        assertEquals(Set.of(WEB), rib());
    }

    @Test
    void shouldRefuseToRunWhereItsApiCannotListen() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            Path file = write("admin: { listen: \"" + address + "\" }", WEB_ALWAYS);
            Agent agent = start("run", "-c", file.toString());
            assertEquals(1, agent.awaitExit());
            assertTrue(agent.log().contains(address), agent::log);
        }
    }

    @Test
    void shouldRefuseToForgetOrders() throws Exception {
        Path state = Files.createDirectories(directory.resolve("state"));
        Files.writeString(state.resolve("bgp-anycast-agent.orders"), "drain web, please\n");
        Agent agent = start("run", "-c", write("", WEB_ALWAYS).toString());
        assertEquals(1, agent.awaitExit());
        assertTrue(agent.log().contains("bgp-anycast-agent.orders"), agent::log);
    }

    @Test
    void shouldBeGuardedByCompanionWhenGuardDiesToo() throws Exception {
        Agent agent = run("", WEB_ALWAYS);
        awaitRib(WEB);
        agent.awaitGuard();
        Agent companion = companion();
        long sinceNs = System.nanoTime();
        ProcessHandle.of(agent.guard()).orElseThrow().destroyForcibly();
        agent.kill();
        awaitRib();
        print("gone after SIGKILL of the agent and its guard, by the companion", sinceNs);
        companion.signal("TERM");
        assertEquals(0, companion.awaitExit());
    }

    @Test
    void shouldBeGuardedByCompanionWhenFrozenWithItsGuard() throws Exception {
        Agent agent = run("guard: 1s", WEB_ALWAYS);
        awaitRib(WEB);
        agent.awaitGuard();
        Agent companion = companion();
        Process stop = new ProcessBuilder("sh", "-c", "kill -s STOP " + agent.guard() + " " + agent.pid()).start();
        assertEquals(0, stop.waitFor());
        awaitRib();
        agent.signal("CONT");
        awaitRib(WEB);
        TimeUnit.SECONDS.sleep(2);
        assertEquals(Set.of(WEB), rib(), companion::log);
    }

    @Test
    void shouldKeepPathsThoughThereIsCompanionWhenAgentEndsAsItShould() throws Exception {
        Agent agent = run("guard: 1s\non-stop: keep", WEB_ALWAYS);
        awaitRib(WEB);
        agent.awaitGuard();
        Agent companion = companion();
        agent.terminate();
        TimeUnit.SECONDS.sleep(2);
        assertEquals(Set.of(WEB), rib(), companion::log);
    }

    @Test
    void shouldEndWithoutComplaintWhenThereIsNothingForCompanionToDo() throws Exception {
        Agent companion = start("guard", "-c", write("guard: off", WEB_ALWAYS).toString());
        assertEquals(0, companion.awaitExit(), "a service manager leaves it in peace");
        assertTrue(companion.log().contains("guard is off in " + directory.resolve("agent.yaml")), companion::log);
    }

    private Agent companion() throws Exception {
        Agent companion = Agent.start(
                directory.resolve("companion.log"),
                "guard",
                "-c",
                directory.resolve("agent.yaml").toString());
        agents.add(companion);
        companion.await("event=companion-watches");
        return companion;
    }
}
