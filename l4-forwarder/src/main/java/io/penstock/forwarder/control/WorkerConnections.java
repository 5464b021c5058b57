package io.penstock.forwarder.control;

import io.penstock.forwarder.worker.ConnectionList;
import io.penstock.forwarder.worker.ConnectionTest;
import io.penstock.forwarder.worker.ResetCause;
import io.penstock.forwarder.worker.WorkerProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The open connections of all workers, asked in the background. What is asked first is done first, by each worker; one
 * that has ended has none. Answers complete on the workers' threads: whoever goes on from one does so on another thread.
 * Safe from any thread.
 */
final class WorkerConnections {
    /** A worker with a full queue has much to do already. */
    private static final Executor LATER = CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS);

    private final List<WorkerProxy> workers;

    WorkerConnections(List<WorkerProxy> workers) {
        this.workers = List.copyOf(workers);
    }

    int count() {
        return workers.size();
    }

    /** Whether every worker has closed all it had. */
    boolean haveEnded() {
        return workers.stream().allMatch(WorkerProxy::hasEnded);
    }

    /** Those that fit, by worker. */
    CompletableFuture<List<ConnectionList>> find(ConnectionTest test) {
        List<CompletableFuture<ConnectionList>> answers = workers.stream()
                .map(worker -> asked(
                        worker,
                        new ConnectionList(),
                        (CompletableFuture<ConnectionList> answer) -> worker.tryFind(test, answer::complete)))
                .toList();
        return all(answers)
                .thenApply(done -> answers.stream().map(CompletableFuture::join).toList());
    }

    /**
     * Resets them; how many were still there.
     *
     * @param tokens by worker
     */
    CompletableFuture<Integer> reset(List<long[]> tokens, ResetCause cause) {
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            WorkerProxy worker = workers.get(i);
            long[] own = tokens.get(i);
            if (own.length > 0) {
                answers.add(asked(
                        worker,
                        0,
                        (CompletableFuture<Integer> answer) -> worker.tryReset(own, cause, answer::complete)));
            }
        }
        return all(answers)
                .thenApply(done ->
                        answers.stream().mapToInt(CompletableFuture::join).sum());
    }

    private static <T> CompletableFuture<T> asked(
            WorkerProxy worker, T none, Predicate<CompletableFuture<T>> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        ask(worker, none, question, answer);
        return answer;
    }

    private static <T> void ask(
            WorkerProxy worker, T none, Predicate<CompletableFuture<T>> question, CompletableFuture<T> answer) {
        if (question.test(answer)) {
            return;
        }
        if (worker.hasEnded()) {
            answer.complete(none);
        } else {
            LATER.execute(() -> ask(worker, none, question, answer));
        }
    }

    private static CompletableFuture<Void> all(List<? extends CompletableFuture<?>> answers) {
        return CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]));
    }
}
