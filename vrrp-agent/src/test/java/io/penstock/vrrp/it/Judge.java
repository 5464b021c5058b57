package io.penstock.vrrp.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.penstock.net.IpAddress;
import io.penstock.testing.NetworkNamespace.Condition;
import io.penstock.vrrp.it.Sighting.Advert;
import io.penstock.vrrp.it.Sighting.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Says who had the VIP when: who advertised it, who answered for it, and where the client's cache and the switch would send a packet for
 * it. Times are those of {@link Capture#nowNs}.
 */
final class Judge {
    /** So many advertisements in a row of one, and nothing of the other meanwhile, are quiet. */
    private static final int QUIET_ADVERTS = 2;

    private static final long TAIL_NS = 3_000_000_000L;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Lan lan;
    private final Capture capture;
    private final Profile profile;
    private final IpAddress vip;
    private final Supplier<String> logs;
    private long evidenceSinceNs;

    /**
     * Of a pair.
     *
     * @param logs of both, for who reads a failure
     */
    Judge(Lan lan, Capture capture, Profile profile, Supplier<String> logs) {
        this.lan = lan;
        this.capture = capture;
        this.profile = profile;
        this.logs = logs;
        vip = profile.family().address();
    }

    /** Whoever owns it is yet to show: what members said that run no longer says nothing of their successors. */
    void startAfresh() {
        evidenceSinceNs = Capture.nowNs();
    }

    /** Until this one alone advertises and answers, and the network sends to it. */
    void awaitOwner(Port owner) throws Exception {
        awaitAlone(owner);
        lan.meet(profile.family());
        await(
                "the client's packets reach " + owner,
                () -> lan.cached(profile.family()).filter(owner::equals).isPresent());
    }

    /** Until this one alone advertises and answers, wherever the network sends to. */
    void awaitAlone(Port owner) throws Exception {
        await(owner + " is the only owner", () -> quietSinceNs(owner, true) != 0);
    }

    /** Until this one alone advertises, whoever answers, and the network sends to it. */
    void awaitActive(Port owner) throws Exception {
        await(owner + " is the only one that advertises", () -> quietSinceNs(owner, false) != 0);
        await(
                "the client's packets reach " + owner,
                () -> lan.cached(profile.family()).filter(owner::equals).isPresent());
    }

    /** Until so many more advertisements came from there. */
    void awaitAdverts(Port from, int count) throws Exception {
        long sinceNs = Capture.nowNs();
        await(count + " advertisements of " + from, () -> adverts(from, sinceNs).size() >= count);
    }

    /** Until nobody answers from there any more, for so long as its latest questions took. */
    void awaitNoAnswers(Port from) throws Exception {
        await(from + " answers no more", () -> {
            long nowNs = Capture.nowNs();
            return capture.sightings().stream()
                    .noneMatch(seen -> seen instanceof Answer
                            && seen.from() == from
                            && nowNs - seen.atNs() < 20 * Asker.INTERVAL_NS);
        });
    }

    /** When the row of advertisements began that is quiet, or 0. */
    private long quietSinceNs(Port owner, boolean withAnswers) throws IOException {
        List<Sighting> all = capture.sightings();
        int adverts = 0;
        boolean answered = !withAnswers;
        for (int i = all.size() - 1; i >= 0; i--) {
            Sighting seen = all.get(i);
            if (seen.atNs() < evidenceSinceNs) {
                return 0;
            }
            if (seen.from() == owner) {
                adverts += seen instanceof Advert advert && advert.priority() > 0 ? 1 : 0;
                answered |= isAnswer(seen);
                if (adverts >= QUIET_ADVERTS && answered) {
                    return seen.atNs();
                }
            } else if (seen instanceof Advert || (withAnswers && isAnswer(seen))) {
                return 0;
            }
        }
        return 0;
    }

    private boolean isAnswer(Sighting seen) {
        return seen instanceof Answer answer && answer.address().equals(vip);
    }

    /** No word of this one: neither an advertisement nor an announcement nor an answer. */
    void assertSilent(Port port, long sinceNs) throws IOException {
        List<Sighting> words = capture.sightings().stream()
                .filter(seen -> seen.atNs() >= sinceNs && seen.from() == port)
                .filter(seen -> seen instanceof Advert || isAnswer(seen) || isAnnouncement(seen))
                .toList();
        assertEquals(List.of(), words, () -> port + " was to be silent\n" + logs.get());
    }

    private boolean isAnnouncement(Sighting seen) {
        return seen instanceof Sighting.Announcement announcement
                && announcement.address().equals(vip);
    }

    List<Advert> adverts(Port from, long sinceNs) throws IOException {
        return capture.sightings().stream()
                .filter(seen -> seen.from() == from && seen.atNs() >= sinceNs)
                .filter(Advert.class::isInstance)
                .map(Advert.class::cast)
                .toList();
    }

    /** The last advertisement of one, before the first of the other. */
    Duration gap(Port from, Port to, long sinceNs) throws IOException {
        long firstNs = adverts(to, sinceNs).get(0).atNs();
        long lastNs = adverts(from, 0).stream()
                .mapToLong(Advert::atNs)
                .filter(atNs -> atNs < firstNs)
                .max()
                .orElseThrow();
        return Duration.ofNanos(firstNs - lastNs);
    }

    /** Questions that both answered, as the time that they took. */
    private Duration bothAnswered(long sinceNs) throws IOException {
        List<Sighting> answers = capture.sightings().stream()
                .filter(seen -> seen.atNs() >= sinceNs)
                .filter(this::isAnswer)
                .toList();
        long both = 0;
        for (int i = 1; i < answers.size(); i++) {
            Sighting last = answers.get(i - 1);
            Sighting next = answers.get(i);
            boolean ofOneQuestion = next.atNs() - last.atNs() < Asker.INTERVAL_NS / 2;
            both += ofOneQuestion && last.from() != next.from() ? 1 : 0;
        }
        return Duration.ofNanos(both * Asker.INTERVAL_NS);
    }

    /** Both had it for no longer than a backup waits before it takes over. */
    void assertFailoverWindow(long sinceNs) throws IOException {
        Duration both = bothAnswered(sinceNs);
        if (both.compareTo(profile.activeDownMax()) > 0) {
            fail("both answered for " + both + "\n" + tail(sinceNs) + logs.get());
        }
    }

    private void await(String what, Condition condition) throws Exception {
        long deadlineNs = System.nanoTime() + LIMIT.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadlineNs) {
                fail("never: " + what + "\n" + tail(Capture.nowNs() - TAIL_NS) + logs.get());
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    private String tail(long sinceNs) throws IOException {
        StringBuilder text = new StringBuilder();
        List<Sighting> all = capture.sightings();
        for (Sighting seen : all.subList(Math.max(0, all.size() - 100), all.size())) {
            if (seen.atNs() >= sinceNs) {
                text.append(seen).append('\n');
            }
        }
        return text.toString();
    }
}
