package io.penstock.process;

import java.lang.reflect.Proxy;

/** POSIX signals of this process. */
public final class Signals {
    private Signals() {}

    /**
     * Runs the action each time the signal comes, on a thread that the JVM makes for it, in place of what the JVM would
     * do.
     *
     * <p>By reflection: sun.misc.Signal is the JDK's only way to handle a signal, and javac's warning about it, which
     * cannot be silenced, would end a build that takes every warning for an error.
     *
     * @param name without SIG: TERM, INT, HUP
     * @throws IllegalStateException if this JVM does not allow it
     */
    public static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object onSignal = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
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
