package io.penstock.perf.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.perf.compare.Tools;
import io.penstock.perf.rig.Cores;
import io.penstock.perf.rig.LoopbackPorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Contestants that run, each under every shape for as short as it goes. */
@Timeout(120)
final class ContestantTest {
    private static final Path LAUNCHER = Path.of("../l4-forwarder/target/dist/bin/l4-forwarder")
            .toAbsolutePath()
            .normalize();

    @TempDir
    private Path directory;

    @Test
    void shouldAnswerEveryShapeThroughNginx() throws IOException, InterruptedException {
        assumeTrue(Tools.find("nginx").isPresent(), "skipped: no nginx");
        List<Integer> ports = LoopbackPorts.pick(2);
        Site site = Site.before(ports.get(0), ports.get(1));
        runEveryShape(ports, Contestant.nginx(site, directory, Cores.available()));
    }

    @Test
    void shouldAnswerEveryShapeThroughOurs() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(LAUNCHER), "skipped: the forwarder is not packaged yet");
        List<Integer> ports = LoopbackPorts.pick(2);
        Site site = Site.before(ports.get(0), ports.get(1));
        runEveryShape(ports, Contestant.penstock(LAUNCHER, site, directory, Cores.available()));
    }

    private void runEveryShape(List<Integer> backendPorts, Contestant started)
            throws IOException, InterruptedException {
        try (Contestant contestant = started;
                Rig rig = Rig.start(backendPorts.get(0), backendPorts.get(1), directory, Cores.available())) {
            for (Shape shape : Shape.values()) {
                Outcome outcome = rig.run(contestant, shape, 1400, 0, 200);

                assertTrue(outcome.cpuNs() > 0, outcome::json);
                assertEquals(0, outcome.lost() + outcome.wrong(), shape + ": " + outcome.json());
            }
        }
    }
}
