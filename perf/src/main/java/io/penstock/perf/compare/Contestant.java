package io.penstock.perf.compare;

import io.penstock.perf.rig.ForwarderProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A proxy that is compared, or {@link #DIRECT} for none. */
record Contestant(String name, Program program) {
    /** How a proxy is configured and started; {@code directory} is its own and has room for its files. */
    interface Program {
        /** The text of its configuration file. */
        String config(Tuning tuning, Link link, Path directory) throws IOException;

        /** The words that start it in the foreground. */
        List<String> command(Path config, Path directory) throws IOException;
    }

    static final String OURS = "penstock";
    static final String OURS_TUNED = "penstock-tuned";
    static final String HAPROXY_DEFAULT = "haproxy-default";
    static final String HAPROXY_TUNED = "haproxy-tuned";
    static final String NGINX = "nginx";

    /** Clients reach the backend themselves. */
    static final Contestant DIRECT = new Contestant("direct", null);

    /** All, in the order of tables. */
    static List<Contestant> all(Path forwarder) {
        return List.of(
                DIRECT,
                new Contestant(HAPROXY_DEFAULT, haproxy((tuning, link) -> HaproxyConfig.byDefault(link))),
                new Contestant(HAPROXY_TUNED, haproxy(HaproxyConfig::tuned)),
                new Contestant(NGINX, nginx()),
                new Contestant(OURS, penstock(forwarder, (tuning, link) -> PenstockConfig.byDefault(link))),
                new Contestant(OURS_TUNED, penstock(forwarder, (tuning, link) -> PenstockConfig.deferring(link))));
    }

    /** Ours has something to tune only where connections come and go. */
    boolean takesPart(Workload workload) {
        return !name.equals(OURS_TUNED) || workload.tuning() == Tuning.CONNECTIONS;
    }

    boolean isProxy() {
        return program != null;
    }

    /** Whether it is somebody else's proxy. */
    boolean isPeer() {
        return isProxy() && !name.startsWith(OURS);
    }

    /** Whether it runs on a JVM whose pauses show in the workload's latencies. */
    boolean logsPauses(Workload workload) {
        return workload.isLatency() && isProxy() && !isPeer();
    }

    /** Whether it is meant to splice, which must be seen to count. */
    boolean mustSplice(Workload workload) {
        return workload.isBulk() && name.equals(HAPROXY_TUNED);
    }

    @FunctionalInterface
    private interface Text {
        String of(Tuning tuning, Link link);
    }

    private static Program haproxy(Text text) {
        return new Program() {
            @Override
            public String config(Tuning tuning, Link link, Path directory) {
                return text.of(tuning, link);
            }

            @Override
            public List<String> command(Path config, Path directory) throws IOException {
                return List.of(Tools.require("haproxy").toString(), "-db", "-f", config.toString());
            }
        };
    }

    private static Program nginx() {
        return new Program() {
            @Override
            public String config(Tuning tuning, Link link, Path directory) throws IOException {
                return NginxConfig.proxy(tuning, link, Tools.require("nginx"), directory);
            }

            @Override
            public List<String> command(Path config, Path directory) throws IOException {
                return NginxConfig.command(config, directory);
            }
        };
    }

    private static Program penstock(Path forwarder, Text text) {
        return new Program() {
            @Override
            public String config(Tuning tuning, Link link, Path directory) {
                return text.of(tuning, link);
            }

            @Override
            public List<String> command(Path config, Path directory) {
                return ForwarderProcess.command(forwarder, config);
            }
        };
    }
}
