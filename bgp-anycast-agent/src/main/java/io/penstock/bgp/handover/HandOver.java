package io.penstock.bgp.handover;

import com.google.gson.JsonObject;
import io.penstock.admin.AdminClient;
import io.penstock.admin.AdminClient.NoAnswerException;
import io.penstock.admin.AdminClient.Reply;
import io.penstock.admin.Json;
import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.config.ThenConfig;
import io.penstock.bgp.config.VipConfig;
import io.penstock.bgp.control.DrainListener;
import io.penstock.bgp.event.BgpEvent;
import io.penstock.bgp.event.BgpEvent.Kind;
import io.penstock.bgp.event.EventRecorder;
import io.penstock.bgp.handover.Errand.Order;
import io.penstock.events.Event.Level;
import io.penstock.process.BugHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Tells ecmp-agents what became of a drain: first the route goes, then the address. What one does not do at once is said again until it
 * does, or there is nothing to be said of that VIP any more; nobody waits for it. On a thread of its own; safe from any.
 */
public final class HandOver implements DrainListener, AutoCloseable {
    private static final String THREAD = "bgp-handover";

    /** Of one request. A server that hangs keeps others waiting for as long. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final EventRecorder recorder;
    private final Consumer<String> givenBack;
    private final Thread thread = BugHandler.thread(this::run, THREAD);

    /** By VIP, why the last attempt came to nothing. Of the thread. */
    private final Map<String, String> troubles = new HashMap<>();

    /** Guards what is below. */
    private final Object lock = new Object();

    private final Errands errands = new Errands();
    private Map<String, ThenConfig> receivers = Map.of();
    private boolean closed;

    private HandOver(EventRecorder recorder, Consumer<String> givenBack) {
        this.recorder = recorder;
        this.givenBack = givenBack;
    }

    /**
     * Tells nobody anything before {@link #configure}.
     *
     * @param givenBack told, from any thread, when the ecmp-agent of this VIP has taken the order to resume, or there is none any more
     */
    public static HandOver start(EventRecorder recorder, Consumer<String> givenBack) {
        HandOver handOver = new HandOver(recorder, givenBack);
        handOver.thread.start();
        return handOver;
    }

    /** Whom from now on. What is still to be said is said to them. */
    public void configure(BgpConfig config) {
        Map<String, ThenConfig> wanted = new TreeMap<>();
        for (VipConfig vip : config.vips().values()) {
            vip.then().ifPresent(then -> wanted.put(vip.name(), then));
        }
        List<Errand> dropped;
        synchronized (lock) {
            receivers = wanted;
            dropped = errands.readdress(wanted);
            lock.notifyAll();
        }
        dropped.forEach(this::over);
    }

    @Override
    public void onWithdrawnAfterDrain(String vip) {
        add(vip, Order.WITHDRAW);
    }

    @Override
    public void onResume(String vip) {
        add(vip, Order.RESUME);
    }

    private void add(String vip, Order order) {
        synchronized (lock) {
            ThenConfig to = receivers.get(vip);
            if (to != null) {
                errands.add(new Errand(vip, to, order));
                lock.notifyAll();
                return;
            }
        }
        if (order == Order.RESUME) {
            givenBack.accept(vip);
        }
    }

    private void over(Errand errand) {
        if (errand.order() == Order.RESUME) {
            givenBack.accept(errand.vip());
        }
    }

    private void run() {
        try {
            for (Optional<Errand> next = next(); next.isPresent(); next = next()) {
                go(next.get());
            }
        } catch (InterruptedException e) {
            // By close, in the middle of a request.
            Thread.currentThread().interrupt();
        }
    }

    /** Empty when there are none any more. */
    private Optional<Errand> next() throws InterruptedException {
        synchronized (lock) {
            while (!closed) {
                long nowNs = System.nanoTime();
                Optional<Errand> due = errands.due(nowNs);
                if (due.isPresent()) {
                    return due;
                }
                // Rounded up: a wait of 0 is for ever.
                lock.wait(errands.untilDueNs(nowNs) / 1_000_000 + 1);
            }
            return Optional.empty();
        }
    }

    private void go(Errand errand) throws InterruptedException {
        String trouble = say(errand);
        boolean done = false;
        synchronized (lock) {
            if (trouble.isEmpty()) {
                done = errands.done(errand);
            } else {
                errands.failed(errand, System.nanoTime());
            }
        }
        if (done) {
            over(errand);
        }
        String before = trouble.isEmpty() ? troubles.remove(errand.vip()) : troubles.put(errand.vip(), trouble);
        if (trouble.isEmpty() || !trouble.equals(before)) {
            report(errand, trouble);
        }
    }

    /** Returns why it was not done; empty when it was. */
    private static String say(Errand errand) throws InterruptedException {
        JsonObject body = new JsonObject();
        body.addProperty("name", errand.to().vip());
        // Anew each time: drains are rare, and an idle client costs a thread.
        try (AdminClient client =
                new AdminClient(errand.to().server(), errand.to().credentials(), TIMEOUT)) {
            Reply reply = client.send("POST", "/v1/" + errand.order().label(), Optional.of(body));
            return reply.isSuccess() ? "" : errand.to().server() + " refuses: " + error(reply);
        } catch (NoAnswerException e) {
            return e.getMessage();
        }
    }

    private static String error(Reply reply) {
        String status = "HTTP status " + reply.status();
        try {
            JsonObject answer = Json.parse(reply.body()).getAsJsonObject();
            return answer.has("error") ? answer.get("error").getAsString() : status;
        } catch (IOException | RuntimeException e) {
            // It is no agent of ours, or something stands in between.
            return status;
        }
    }

    private void report(Errand errand, String trouble) {
        Map<String, String> details = new TreeMap<>();
        details.put("order", errand.order().label());
        details.put("server", errand.to().server().toString());
        String what = errand.order() == Order.WITHDRAW ? "take its address away" : "give its address back";
        if (trouble.isEmpty()) {
            recorder.record(
                    new BgpEvent(Kind.HANDOVER, Level.INFO, errand.vip(), "the ecmp-agent is to " + what, details));
            return;
        }
        details.put("cause", trouble);
        recorder.record(new BgpEvent(
                Kind.HANDOVER,
                Level.WARN,
                errand.vip(),
                "the ecmp-agent does not " + what + " yet: " + trouble,
                details));
    }

    /** What is not said by now is said in the next run, as long as the order stands. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        thread.interrupt();
    }
}
