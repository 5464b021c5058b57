package io.penstock.bgp.control;

import static io.penstock.bgp.control.Samples.name;
import static io.penstock.bgp.control.Samples.prefix;
import static io.penstock.bgp.control.Samples.said;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.bgp.operate.VipStatus;
import io.penstock.bgp.policy.Condition.Level;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.bgp.route.PathAttributes;
import io.penstock.net.IpPrefix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens, and in whatever order it is told: once it is quiet, the daemon has of the agent's what is wanted, and all of others. */
@Timeout(120)
class KeptTableTest {
    private static final int VIPS = 6;
    private static final int STEPS = 400;
    private static final PathAttributes OTHERS = said(new LargeCommunity(64_999, 1, 1), 5);

    @TempDir
    Path directory;

    private final FakeDaemon daemon = new FakeDaemon();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void shouldHaveWhatIsWantedOnceItIsQuiet(long seed) throws Exception {
        Random random = new Random(seed);
        Rig rig = new Rig(Samples.of(VIPS), daemon, directory);
        Map<IpPrefix, PathAttributes> foreign = new HashMap<>();
        for (int i = 0; i < STEPS; i++) {
            happen(rig, foreign, random);
            for (int turns = random.nextInt(6); turns > 0; turns--) {
                advance(rig, random);
            }
        }
        quiet(rig);
        Map<IpPrefix, PathAttributes> expected = new HashMap<>(foreign);
        for (VipStatus vip : rig.controller.status().vips()) {
            vip.wanted().ifPresent(said -> expected.put(vip.config().prefix(), said));
        }
        Map<IpPrefix, PathAttributes> found = new HashMap<>();
        daemon.table.forEach((prefix, path) -> found.put(prefix, path.attributes()));
        assertEquals(expected, found);
        for (VipStatus vip : rig.controller.status().vips()) {
            assertEquals(
                    vip.wanted(), vip.announced(), "as known of " + vip.config().name());
        }
    }

    /** Calls and news overtake each other; time passes or not. */
    private void advance(Rig rig, Random random) {
        switch (random.nextInt(4)) {
            case 0 -> rig.controller.turn(0);
            case 1 -> daemon.answerOne();
            case 2 -> daemon.tellOne();
            default -> rig.nowNs += random.nextInt(60_000_000);
        }
    }

    private void happen(Rig rig, Map<IpPrefix, PathAttributes> foreign, Random random) throws Exception {
        int vip = random.nextInt(VIPS);
        switch (random.nextInt(13)) {
            case 0, 1, 2 -> rig.health(name(vip), Level.UP);
            case 3 -> rig.health(name(vip), Level.DOWN);
            case 4 -> rig.health(name(vip), Level.DEGRADED);
            case 5 -> daemon.remove(prefix(vip));
            case 6 -> daemon.put(prefix(vip), said(1_000 + random.nextInt(9)));
            case 7 -> {
                IpPrefix other = prefix("10.9.0." + vip + "/32");
                daemon.put(other, OTHERS);
                foreign.put(other, OTHERS);
            }
            case 8 -> daemon.refused.put(prefix(vip), "not now");
            case 9 -> daemon.refused.clear();
            case 10 -> daemon.loseWatches("broken");
            case 11 -> {
                if (random.nextInt(4) == 0) {
                    daemon.kill();
                    foreign.clear();
                    daemon.restart();
                } else if (random.nextInt(2) == 0) {
                    daemon.passDeadlines();
                }
            }
            default -> order(rig, vip, random.nextInt(3));
        }
    }

    private static void order(Rig rig, int vip, int what) {
        Optional<String> name = Optional.of(name(vip));
        Thread asking = new Thread(() -> {
            try {
                switch (what) {
                    case 0 -> rig.controller.drain(name, Optional.of(Duration.ofMillis(100)));
                    case 1 -> rig.controller.withdraw(name);
                    default -> rig.controller.resume(name);
                }
            } catch (io.penstock.agent.RefusedException e) {
                throw new IllegalStateException(e);
            }
        });
        asking.start();
        while (asking.isAlive()) {
            rig.controller.turn(0);
            Thread.onSpinWait();
        }
    }

    private void quiet(Rig rig) {
        daemon.refused.clear();
        daemon.frozen = false;
        rig.pass(Duration.ofSeconds(20));
    }
}
