package io.penstock.vrrp.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.vrrp.it.Sighting.Advert;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/**
 * What may happen to a pair, and who is to own the VIP then: judged by what came into the switch, and by a third host's cache. Never have
 * both the VIP but in the window of a failover, and where no VRRP passes between them.
 */
@Timeout(120)
abstract class InteropScenarios {
    /** More than a backup waits for. */
    private static final int MANY_ADVERTS = 4;

    @TempDir
    private static Path directory;

    private static Pair pair;

    @BeforeParameterizedClassInvocation
    static void bringUp(Versus versus) throws Exception {
        versus.ours().assumePresent();
        versus.theirs().assumePresent();
        Kind.assumeOnPath("tcpdump");
        Path own = Files.createTempDirectory(directory, "pair");
        // Daemons that give root away have their files there.
        for (Path each : List.of(directory, own)) {
            Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwx--x--x"));
        }
        pair = new Pair(versus, own);
    }

    @AfterParameterizedClassInvocation
    static void takeDown() throws Exception {
        if (pair != null) {
            pair.end();
            pair = null;
        }
    }

    @BeforeEach
    void settle() throws Exception {
        pair.settle();
    }

    @Test
    void shouldStayOwnerWhenLowerOneStarts() throws Exception {
        pair.lower().terminate();
        pair.judge().awaitOwner(pair.higher().port());
        long sinceNs = Capture.nowNs();
        pair.lower().start();
        pair.judge().awaitAdverts(pair.higher().port(), MANY_ADVERTS);
        pair.judge().assertSilent(pair.lower().port(), sinceNs);
    }

    @Test
    void shouldTakeOverFromLowerOneWhenHigherOneStarts() throws Exception {
        pair.higher().terminate();
        pair.judge().awaitOwner(pair.lower().port());
        long sinceNs = Capture.nowNs();
        pair.higher().start();
        pair.judge().awaitOwner(pair.higher().port());
        pair.judge().assertFailoverWindow(sinceNs);
    }

    @Test
    void shouldSayThatItStopsAndBeFollowedAtOnce() throws Exception {
        long sinceNs = Capture.nowNs();
        pair.higher().terminate();
        pair.judge().awaitOwner(pair.lower().port());
        List<Advert> last = pair.judge().adverts(pair.higher().port(), sinceNs);
        assertEquals(0, last.get(last.size() - 1).priority());
        pair.judge().assertFailoverWindow(sinceNs);
    }

    @Test
    void shouldTakeOverFromOneThatWasKilled() throws Exception {
        long sinceNs = Capture.nowNs();
        pair.kill(pair.higher());
        pair.judge().awaitOwner(pair.lower().port());
        assertWaited(pair.interval(), sinceNs);
    }

    @Test
    void shouldTakeOverFromOneThatIsFrozenUntilItGoesOn() throws Exception {
        pair.higher().freeze();
        pair.judge().awaitActive(pair.lower().port());
        if (pair.higher().leavesNothing()) {
            pair.judge().awaitNoAnswers(pair.higher().port());
        }
        long sinceNs = Capture.nowNs();
        pair.higher().thaw();
        pair.awaitAgreement();
        pair.judge().assertFailoverWindow(sinceNs);
    }

    @Test
    void shouldStayBackupWhenFrozenMeanwhile() throws Exception {
        pair.lower().freeze();
        pair.judge().awaitAdverts(pair.higher().port(), MANY_ADVERTS);
        long sinceNs = Capture.nowNs();
        pair.lower().thaw();
        pair.judge().awaitAdverts(pair.higher().port(), 2);
        pair.awaitAgreement();
        if (pair.isOurs(pair.lower())) {
            pair.judge().assertSilent(pair.lower().port(), sinceNs);
        }
    }

    @Test
    void shouldAgreeAgainWhenLowerOneHearsAgain() throws Exception {
        pair.lan().deafen(pair.lower().port());
        pair.judge().awaitAdverts(pair.lower().port(), 2);
        pair.lan().undeafen(pair.lower().port());
        pair.awaitAgreement();
    }

    @Test
    void shouldGoOnWhenOwnerHearsNobody() throws Exception {
        long sinceNs = Capture.nowNs();
        pair.lan().deafen(pair.higher().port());
        pair.judge().awaitAdverts(pair.higher().port(), MANY_ADVERTS);
        pair.lan().undeafen(pair.higher().port());
        pair.judge().awaitOwner(pair.higher().port());
        pair.judge().assertSilent(pair.lower().port(), sinceNs);
    }

    @Test
    void shouldAgreeAgainWhenNoLongerParted() throws Exception {
        pair.lan().part();
        pair.judge().awaitAdverts(pair.lower().port(), 2);
        pair.judge().awaitAdverts(pair.higher().port(), 2);
        pair.lan().join();
        pair.awaitAgreement();
    }

    @Test
    void shouldLeaveItToHigherAddressWhenPrioritiesAreEqual() throws Exception {
        pair.replace(Pair.LOWER, pair.interval(), Pair.LOWER, pair.interval());
        try {
            pair.lan().part();
            pair.startBoth();
            pair.judge().awaitAdverts(pair.lower().port(), 2);
            pair.judge().awaitAdverts(pair.higher().port(), 2);
            pair.lan().join();
            pair.awaitAgreement();
        } finally {
            pair.restore();
        }
    }

    /** Version 3 learns it (RFC 9568 section 6.4.2); version 2 takes no advertisement with another one (RFC 3768 section 7.1). */
    @Test
    void shouldLearnIntervalOfOwnerOrInVersion2IgnoreIt() throws Exception {
        Duration longer = pair.interval().multipliedBy(3);
        pair.replace(Pair.HIGHER, longer, Pair.LOWER, pair.interval());
        try {
            pair.startBoth();
            if (pair.version() == 2) {
                Port ours = pair.isOurs(pair.higher()) ? Port.B : Port.A;
                pair.judge().awaitAdverts(ours, 2);
                return;
            }
            pair.judge().awaitOwner(pair.higher().port());
            long sinceNs = Capture.nowNs();
            pair.judge().awaitAdverts(pair.higher().port(), MANY_ADVERTS);
            if (pair.isOurs(pair.lower())) {
                pair.judge().assertSilent(pair.lower().port(), sinceNs);
            }
            pair.kill(pair.higher());
            pair.judge().awaitOwner(pair.lower().port());
            assertWaited(longer, sinceNs);
        } finally {
            pair.restore();
        }
    }

    /** The lower one, before it took over. */
    private static void assertWaited(Duration interval, long sinceNs) throws Exception {
        Duration gap = pair.judge().gap(pair.higher().port(), pair.lower().port(), sinceNs);
        assertTrue(gap.compareTo(interval.multipliedBy(3)) >= 0, () -> "it took over after " + gap);
    }
}
