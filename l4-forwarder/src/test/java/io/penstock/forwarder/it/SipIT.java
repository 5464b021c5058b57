package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIP calls over UDP, by SIPp's own scenarios, to two servers that know nothing of each other's calls. Nothing is
 * retransmitted, so a message that is lost, or gets to the other server, fails its call.
 */
@Timeout(90)
class SipIT {
    private static final int CALLS = 300;
    private static final int CALLS_PER_S = 100;
    private static final String LOOPBACK = "127.0.0.1";

    @TempDir
    Path directory;

    private final int port = Ports.free();

    @Test
    void shouldKeepEachCallWithOneServer() throws Exception {
        Tools.assume("sipp");
        int firstPort = Ports.free(2);
        try (Programs programs = new Programs(directory);
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory,
                        ForwarderYaml.to(port, LOOPBACK + ":" + firstPort, LOOPBACK + ":" + (firstPort + 1))
                                .service("protocol: udp")
                                .text())) {
            List<Programs.Program> servers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                servers.add(sipp(programs, "server" + i, "-sn", "uas", "-p", Integer.toString(firstPort + i)));
                KernelSockets.awaitUdp(firstPort + i);
            }
            // A socket, and so a client, for each call.
            Programs.Program clients = sipp(
                    programs,
                    "clients",
                    "-sn",
                    "uac",
                    "-t",
                    "un",
                    "-r",
                    Integer.toString(CALLS_PER_S),
                    "-m",
                    Integer.toString(CALLS),
                    "-max_socket",
                    Integer.toString(2 * CALLS),
                    "-recv_timeout",
                    "20000",
                    LOOPBACK + ":" + port);
            int ended = clients.awaitEnd();
            String said = clients.said();
            assertEquals(0, ended, said);
            Map<String, String> calls = statistics("clients");
            assertEquals(Integer.toString(CALLS), calls.get("SuccessfulCall(C)"), calls::toString);
            assertEquals("0", calls.get("FailedCall(C)"));
            assertEquals("0", calls.get("Retransmissions(C)"));
            int served = 0;
            for (int i = 0; i < 2; i++) {
                // Ends when its calls have.
                servers.get(i).signal("USR1");
                servers.get(i).awaitEnd();
                Map<String, String> seen = statistics("server" + i);
                int created = Integer.parseInt(seen.get("TotalCallCreated"));
                assertTrue(created > CALLS / 10, seen::toString);
                assertEquals("0", seen.get("OutOfCallMsgs(C)"));
                assertEquals("0", seen.get("FailedCall(C)"));
                served += created;
            }
            assertEquals(CALLS, served);
            assertEquals(0, forwarder.stop());
            // The kernel may give a later call the port of one that has ended, and so its session.
            long sessions = forwarder.total("udp_sessions_opened");
            assertTrue(sessions > CALLS * 9 / 10 && sessions <= CALLS, () -> sessions + " sessions");
        }
    }

    private Programs.Program sipp(Programs programs, String name, String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("sipp", "-i", LOOPBACK, "-nr", "-nostdin"));
        words.addAll(List.of("-trace_stat", "-stf", directory.resolve(name).toString()));
        words.addAll(List.of(options));
        return programs.launch(words.toArray(String[]::new));
    }

    /** By name, as they were at the end. */
    private Map<String, String> statistics(String name) throws IOException {
        List<String> lines = Files.readAllLines(directory.resolve(name));
        String[] names = lines.get(0).split(";", -1);
        String[] values = lines.get(lines.size() - 1).split(";", -1);
        Map<String, String> statistics = new HashMap<>();
        for (int i = 0; i < names.length; i++) {
            statistics.put(names[i], values[i]);
        }
        return statistics;
    }
}
