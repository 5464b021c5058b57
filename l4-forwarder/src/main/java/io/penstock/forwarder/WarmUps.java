package io.penstock.forwarder;

import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.linux.Syscalls;

/** The warm-ups that a configuration's services profit from, one after the other. */
record WarmUps(ForwarderConfig config, Syscalls syscalls, boolean splice) {
    void run() throws InterruptedException {
        WarmUp.run(syscalls, splice);
        if (config.services().values().stream().anyMatch(ServiceConfig::isUdp)) {
            UdpWarmUp.run(syscalls);
        }
    }

    /** On a thread that ends by itself, and that an end of the process does not wait for. */
    void runBeside() {
        Thread thread = new Thread(
                () -> {
                    try {
                        run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "fwd-warm-load");
        thread.setDaemon(true);
        thread.start();
    }
}
