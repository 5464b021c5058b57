package io.penstock.perf.lab.vrrp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Whose VRRP is measured. */
enum Contestant {
    PENSTOCK("penstock") {
        @Override
        String configuration(String vip, int priority, Duration interval) {
            return "realtime: { priority: 10, lock-memory: true }\n"
                    + "routers:\n  web:\n    interface: lan\n    vrid: 51\n    priority: " + priority + "\n"
                    + "    advertisement-interval: " + interval.toMillis() + "ms\n    vips: [" + vip + "/24]\n";
        }

        @Override
        List<String> command(Path agent, Path directory, Path configuration) {
            return List.of(agent.toString(), "run", "-c", configuration.toString());
        }
    },
    KEEPALIVED("keepalived") {
        @Override
        String configuration(String vip, int priority, Duration interval) {
            // By default the kernel kills it when it needs more than 10 ms in a row (RLIMIT_RTTIME).
            return "global_defs {\n  vrrp_version 3\n  vrrp_rt_priority 10\n  vrrp_rlimit_rttime 1000000\n}\nvrrp_instance web {\n  state BACKUP\n  interface lan\n"
                    + "  virtual_router_id 51\n  priority " + priority + "\n  advert_int "
                    + interval.toMillis() / 1_000.0
                    + "\n  virtual_ipaddress {\n    " + vip + "/24\n  }\n}\n";
        }

        @Override
        List<String> command(Path agent, Path directory, Path configuration) {
            return List.of(
                    "keepalived",
                    "--dont-fork",
                    "--log-console",
                    "--vrrp",
                    "-f",
                    configuration.toString(),
                    "-p",
                    directory.resolve("parent.pid").toString(),
                    "-r",
                    directory.resolve(Speaker.CHILD_PID).toString());
        }
    };

    private final String label;

    Contestant(String label) {
        this.label = label;
    }

    abstract String configuration(String vip, int priority, Duration interval);

    /**
     * What starts it.
     *
     * @param agent the launcher of the vrrp-agent
     * @param directory for its files
     */
    abstract List<String> command(Path agent, Path directory, Path configuration);

    @Override
    public String toString() {
        return label;
    }
}
