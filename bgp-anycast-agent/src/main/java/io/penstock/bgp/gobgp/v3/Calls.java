package io.penstock.bgp.gobgp.v3;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.penstock.bgp.config.DaemonConfig;
import io.penstock.bgp.gobgp.DaemonException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Calls with a deadline, whose answers are futures that fail with a {@link DaemonException}. Safe from any thread. */
final class Calls {
    private final Connection connection;
    private final Failures failures;
    private final Duration timeout;

    Calls(Connection connection, DaemonConfig config) {
        this.connection = connection;
        failures = new Failures(config);
        timeout = config.timeout();
    }

    Connection connection() {
        return connection;
    }

    Failures failures() {
        return failures;
    }

    Duration timeout() {
        return timeout;
    }

    /** Of a call that is answered with one message. */
    <Q, A, R> CompletableFuture<R> one(MethodDescriptor<Q, A> method, Q request, Function<A, R> view) {
        return all(method, request, answers -> view.apply(answers.get(0)));
    }

    /** Of a call whose answer says nothing but that it was done. */
    <Q, A> CompletableFuture<Void> done(MethodDescriptor<Q, A> method, Q request) {
        return all(method, request, answers -> null);
    }

    /** Of a call that is answered with a stream, of which nothing is used before its end. */
    <Q, A, R> CompletableFuture<R> all(MethodDescriptor<Q, A> method, Q request, Function<List<A>, R> view) {
        List<A> answers = new ArrayList<>();
        return call(method, request, timeout, answers::add, () -> view.apply(answers));
    }

    /** Of a call that is answered with a stream, which may be long: of each message only what it leads to is kept. */
    <Q, A, R> CompletableFuture<List<R>> each(
            MethodDescriptor<Q, A> method, Q request, Duration atMost, Function<A, Stream<R>> view) {
        List<R> kept = new ArrayList<>();
        return call(method, request, atMost, answer -> view.apply(answer).forEach(kept::add), () -> kept);
    }

    private <Q, A, R> CompletableFuture<R> call(
            MethodDescriptor<Q, A> method, Q request, Duration atMost, Consumer<A> each, Supplier<R> end) {
        CompletableFuture<R> result = new CompletableFuture<>();
        begin(
                method,
                CallOptions.DEFAULT.withDeadlineAfter(atMost.toNanos(), TimeUnit.NANOSECONDS),
                request,
                new Reception<A>() {
                    @Override
                    public void onNext(A answer) {
                        each.accept(answer);
                    }

                    @Override
                    public void onCompleted() {
                        try {
                            result.complete(end.get());
                        } catch (RuntimeException e) {
                            // Or it would wait forever.
                            result.completeExceptionally(failures.of(e));
                        }
                    }

                    @Override
                    public void onFailure(DaemonException failure) {
                        result.completeExceptionally(failure);
                    }
                });
        return result;
    }

    /** Takes in what is answered, on the connection's thread. */
    interface Reception<A> {
        void onNext(A answer);

        void onCompleted();

        void onFailure(DaemonException failure);
    }

    /** What is under way; null when it could not begin. */
    <Q, A> ClientCall<Q, A> begin(
            MethodDescriptor<Q, A> method, CallOptions options, Q request, Reception<A> reception) {
        ManagedChannel channel;
        try {
            channel = connection.channel();
        } catch (DaemonException e) {
            connection.run(() -> reception.onFailure(e));
            return null;
        }
        ClientCall<Q, A> call = channel.newCall(method, options);
        // One message or many: unary answers may be taken as streams of one.
        ClientCalls.asyncServerStreamingCall(call, request, new StreamObserver<A>() {
            @Override
            public void onNext(A answer) {
                reception.onNext(answer);
            }

            @Override
            public void onError(Throwable error) {
                DaemonException failure = failures.of(error);
                // A call that was given up by this side says nothing of the daemon.
                boolean cancelled = Status.fromThrowable(error).getCode() == Status.Code.CANCELLED;
                if (failure.kind() != DaemonException.Kind.REFUSED && !cancelled) {
                    connection.retire(channel);
                }
                reception.onFailure(failure);
            }

            @Override
            public void onCompleted() {
                reception.onCompleted();
            }
        });
        return call;
    }

    /** The same without the wrapping that a chain of futures puts around failures. */
    static <T> CompletableFuture<T> plain(CompletionStage<T> stage) {
        CompletableFuture<T> result = new CompletableFuture<>();
        stage.whenComplete((value, failure) -> {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(
                        failure instanceof CompletionException wrapped && wrapped.getCause() != null
                                ? wrapped.getCause()
                                : failure);
            }
        });
        return result;
    }
}
