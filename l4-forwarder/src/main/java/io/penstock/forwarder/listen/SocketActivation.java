package io.penstock.forwarder.listen;

import io.penstock.forwarder.table.ListenerSpec.Address;
import io.penstock.linux.Syscalls;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sockets that the supervisor opened before it started this process; see sd_listen_fds(3). */
public final class SocketActivation {
    private static final Logger LOG = LoggerFactory.getLogger(SocketActivation.class);

    private static final int FIRST_FD = 3;
    private static final int MAX_FDS = 65_536;

    private SocketActivation() {}

    /** Takes those that are meant for this process, if any; what clients cannot come to is left alone. */
    public static InheritedSockets take(Syscalls syscalls, Map<String, String> environment) {
        InheritedSockets inherited = new InheritedSockets();
        SocketInspector inspector = new SocketInspector(syscalls);
        for (int fd = FIRST_FD; fd < FIRST_FD + count(environment); fd++) {
            Optional<Address> address = inspector.adopt(fd);
            if (address.isPresent()) {
                inherited.addSupervised(address.get(), fd);
                LOG.info("event=socket-inherited fd={} address={}", fd, address.get());
            } else {
                LOG.warn(
                        "event=socket-unusable fd={} cause=\"neither a stream socket that listens nor a UDP socket with a port\"",
                        fd);
            }
        }
        return inherited;
    }

    /** A child of the process that was meant has the variables too, but another PID. */
    private static int count(Map<String, String> environment) {
        String pid = Long.toString(ProcessHandle.current().pid());
        if (!pid.equals(environment.get("LISTEN_PID"))) {
            return 0;
        }
        try {
            int count = Integer.parseInt(environment.getOrDefault("LISTEN_FDS", "0"));
            return Math.max(0, Math.min(count, MAX_FDS));
        } catch (NumberFormatException e) {
            LOG.warn("event=socket-unusable cause=\"LISTEN_FDS is no number\"", e);
            return 0;
        }
    }
}
