package io.penstock.forwarder.listen;

import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.udp.HandedSession;
import io.penstock.forwarder.worker.WorkerProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * The UDP sessions of all workers, on their way to another process or from one. Each method waits for the workers; on the
 * thread that hands over, or takes over.
 */
final class WorkerSessions {
    /** A worker answers after some turns of its loop, unless the host is very busy. */
    private static final int ANSWER_TIMEOUT_S = 10;

    private static final long RETRY_NS = 1_000_000;

    private final List<WorkerProxy> workers;

    WorkerSessions(List<WorkerProxy> workers) {
        this.workers = List.copyOf(workers);
    }

    /**
     * From now on nothing is read, and what arrives waits in the kernel, until {@link #resume} or {@link #forget}, of which
     * one follows in any case.
     */
    List<HandedSession> pause() throws TakeOverException {
        List<CompletableFuture<List<HandedSession>>> answers = new ArrayList<>();
        for (WorkerProxy worker : workers) {
            CompletableFuture<List<HandedSession>> answer = new CompletableFuture<>();
            if (!insist(worker, proxy -> proxy.tryPauseSessions(answer::complete))) {
                answer.complete(List.of());
            }
            answers.add(answer);
        }
        List<HandedSession> all = new ArrayList<>();
        for (CompletableFuture<List<HandedSession>> answer : answers) {
            all.addAll(await(answer));
        }
        return all;
    }

    /** All go on, and newcomers are served. */
    void resume() {
        workers.forEach(worker -> insist(worker, WorkerProxy::tryResumeSessions));
    }

    /** Another process goes on with them, and has the listening sockets. */
    void forget() {
        workers.forEach(worker -> insist(worker, WorkerProxy::tryForgetSessions));
    }

    /**
     * Gives a worker sessions that are paused; what it does not go on with it closes.
     *
     * @return how many it goes on with
     */
    int adopt(int worker, List<HandedSession> sessions, Map<Backend.Key, Backend> backends) throws TakeOverException {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        if (!insist(workers.get(worker), proxy -> proxy.tryAdoptSessions(sessions, backends, answer::complete))) {
            throw new TakeOverException("a worker has ended");
        }
        return await(answer);
    }

    /** The worker's queue is short, and is emptied with each turn; false when the worker has ended. */
    private static boolean insist(WorkerProxy worker, Predicate<WorkerProxy> request) {
        boolean accepted = request.test(worker);
        while (!accepted && !worker.hasEnded()) {
            LockSupport.parkNanos(RETRY_NS);
            accepted = request.test(worker);
        }
        return accepted;
    }

    private static <T> T await(CompletableFuture<T> answer) throws TakeOverException {
        try {
            return answer.get(ANSWER_TIMEOUT_S, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new TakeOverException("a worker does not answer in time");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TakeOverException("interrupted");
        }
    }
}
