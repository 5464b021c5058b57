package io.penstock.serving;

import io.penstock.admin.AdminClient;
import io.penstock.admin.AdminClient.NoAnswerException;
import io.penstock.admin.AdminClient.Reply;
import io.penstock.net.IpAddress;
import io.penstock.process.BugHandler;
import io.penstock.serving.ForwarderWatches.Asked;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Asks one forwarder again and again whether VIPs are served, on a thread of its own: one question in each interval, for one
 * address or, when there are several, for all that it has. Closed from any thread.
 */
final class ForwarderWatch implements AutoCloseable {
    private static final String VIPS = "/v1/health/vips";

    private final ForwarderQuestion how;
    private final AdminClient client;
    private final VerdictListener listener;
    private final LongSupplier nowNs;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private List<Member> members = List.of();

    /** A VIP that this forwarder is asked about; its judgement belongs to the watch's thread. */
    private record Member(String name, IpAddress address, int rise, int fall, Judgement judgement) {
        static Member of(Asked vip) {
            int rise = vip.question().rise();
            int fall = vip.question().fall();
            return new Member(vip.name(), vip.address(), rise, fall, new Judgement(rise, fall));
        }

        boolean isSame(Member other) {
            return name.equals(other.name) && address.equals(other.address) && rise == other.rise && fall == other.fall;
        }
    }

    private ForwarderWatch(ForwarderQuestion how, VerdictListener listener, LongSupplier nowNs, String threadName) {
        this.how = how;
        this.listener = listener;
        this.nowNs = nowNs;
        client = new AdminClient(how.server(), how.credentials(), how.timeout());
        thread = BugHandler.thread(this::run, threadName);
        thread.setDaemon(true);
    }

    /**
     * Begins to ask.
     *
     * @param how rise and fall in it do not matter: each VIP has its own
     * @param nowNs the clock of the verdicts
     */
    static ForwarderWatch start(
            ForwarderQuestion how,
            Collection<Asked> vips,
            VerdictListener listener,
            LongSupplier nowNs,
            String threadName) {
        ForwarderWatch watch = new ForwarderWatch(how, listener, nowNs, threadName);
        watch.watch(vips);
        watch.thread.start();
        return watch;
    }

    /** From now on about these; what was heard of one that stays, counts on. */
    synchronized void watch(Collection<Asked> vips) {
        List<Member> next = new ArrayList<>();
        for (Asked vip : vips) {
            Member wanted = Member.of(vip);
            next.add(members.stream().filter(wanted::isSame).findFirst().orElse(wanted));
        }
        members = List.copyOf(next);
    }

    /** Nothing is said of these any more. */
    synchronized void forget(Set<String> vips) {
        members =
                members.stream().filter(member -> !vips.contains(member.name())).toList();
    }

    private void run() {
        try {
            long wait = 0;
            while (!closing.await(wait, TimeUnit.NANOSECONDS)) {
                long startNs = System.nanoTime();
                ask();
                wait = Math.max(0, how.interval().toNanos() - (System.nanoTime() - startNs));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            client.close();
        }
    }

    private void ask() throws InterruptedException {
        List<Member> asked = members();
        if (asked.isEmpty()) {
            return;
        }
        long askedNs = nowNs.getAsLong();
        tell(asked, answers(asked), askedNs);
    }

    private Function<IpAddress, Answer> answers(List<Member> asked) throws InterruptedException {
        try {
            if (asked.size() > 1) {
                return Answer.ofAll(get(VIPS));
            }
            IpAddress only = asked.get(0).address();
            Answer answer = Answer.ofOne(get(VIPS + "/" + only), only);
            return vip -> answer;
        } catch (NoAnswerException e) {
            Answer none = Answer.missing(e.getMessage());
            return vip -> none;
        }
    }

    private Reply get(String uri) throws NoAnswerException, InterruptedException {
        return client.send("GET", uri, Optional.empty());
    }

    private synchronized List<Member> members() {
        return members;
    }

    /** Under the lock, so that nothing is said of a VIP once it is not watched here any more. */
    private synchronized void tell(List<Member> asked, Function<IpAddress, Answer> answers, long askedNs) {
        for (Member member : asked) {
            boolean watched = members == asked || members.contains(member);
            if (watched && member.judgement().onAnswer(answers.apply(member.address()), askedNs)) {
                listener.onVerdict(member.name(), member.judgement().verdict());
            }
        }
    }

    /** Nothing is posted any more when this returns. */
    @Override
    public void close() {
        watch(List.of());
        closing.countDown();
        thread.interrupt();
    }
}
