package io.penstock.forwarder;

import io.netty.channel.epoll.Epoll;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.Syscalls;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The libraries that cost a start most, loaded and initialised on a thread of its own, {@code fwd-load}, while the
 * starting thread reads the configuration: the binding of libc, then Netty with its epoll.
 */
final class Preloading {
    private final FutureTask<Syscalls> syscalls = new FutureTask<>(LinuxSyscalls::new);
    private final Thread thread = new Thread(
            () -> {
                syscalls.run();
                // What is missing is told by whoever needs it.
                boolean unused = Epoll.isAvailable();
            },
            "fwd-load");

    private Preloading() {}

    static Preloading start() {
        Preloading preloading = new Preloading();
        preloading.thread.setDaemon(true);
        preloading.thread.start();
        return preloading;
    }

    /** Waits for the binding of libc. */
    Syscalls syscalls() throws InterruptedException {
        try {
            return syscalls.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot bind libc", e.getCause());
        }
    }

    /** Until all is loaded. */
    void await() throws InterruptedException {
        thread.join();
    }
}
