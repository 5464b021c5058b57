package io.penstock.process;

import java.lang.reflect.Proxy;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * SIGTERM and SIGINT as something to wait for. A JVM left to itself exits with 143 on SIGTERM and ignores a second one;
 * a service that was asked to stop and did so exits with 0, and one that is asked again stops at once. Safe from any
 * thread.
 */
public final class StopSignals {
    private final Semaphore received = new Semaphore(0);

    /** Takes over both signals of this process, for good. */
    public static StopSignals install() {
        StopSignals signals = new StopSignals();
        handle("TERM", signals.received::release);
        handle("INT", signals.received::release);
        return signals;
    }

    private StopSignals() {}

    /** Until one more signal has come. */
    public void await() throws InterruptedException {
        received.acquire();
    }

    /** Whether one more signal came within the time. */
    public boolean await(long timeout, TimeUnit unit) throws InterruptedException {
        return received.tryAcquire(timeout, unit);
    }

    /**
     * By reflection: sun.misc.Signal is the JDK's only way to handle a signal, and javac's warning about it, which
     * cannot be silenced, would end a build that takes every warning for an error.
     */
    private static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object onSignal = Proxy.newProxyInstance(
                    StopSignals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), onSignal);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot handle SIG" + name, e);
        }
    }
}
