package io.penstock.forwarder.it;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A forwarder.yaml with one service and its pool; nothing is checked, nothing drains for long. */
record ForwarderYaml(String top, String listen, String service, String pool, List<String> backends) {
    /** A whole file, with ten different mistakes. */
    static final String TEN_MISTAKES = """
            worker: 2
            drain-timeout: 5
            services:
              web:
                listen: ["127.0.0.1:99999", "nowhere"]
                protocol: sctp
                pool: wbe
                connect-attempts: 9
            pools:
              web:
                balance: { hash: client, table-size: 100 }
                health: { interval: 1s, timeout: 2s }
                backends: ["10.0.0.1:80"]
            """;

    /** Of checks: a change is seen soon, and a host that is busy for a moment makes none. */
    static final String CHECK_TIMES =
            "interval: 500ms, fast-interval: 50ms, timeout: 500ms, rise: 2, fall: 2, initial: fully-up";

    static ForwarderYaml of(int port, TestBackend... backends) {
        return to(port, Stream.of(backends).map(TestBackend::address).toArray(String[]::new));
    }

    static ForwarderYaml to(int port, String... backends) {
        return new ForwarderYaml("", "\"127.0.0.1:" + port + "\"", "", "health: none", List.of(backends));
    }

    /** A line at the top level, such as {@code workers: 1}. */
    ForwarderYaml top(String line) {
        return new ForwarderYaml(top + line + "\n", listen, service, pool, backends);
    }

    /** A value in YAML's own notation. */
    ForwarderYaml listen(String value) {
        return new ForwarderYaml(top, value, service, pool, backends);
    }

    /** One more line of the service, such as {@code connect-attempts: 1}. */
    ForwarderYaml service(String line) {
        return new ForwarderYaml(top, listen, service + "    " + line + "\n", pool, backends);
    }

    /** One more line of the pool. */
    ForwarderYaml pool(String line) {
        return new ForwarderYaml(top, listen, service, pool + "\n    " + line, backends);
    }

    /** Another value for health. */
    ForwarderYaml health(String value) {
        return new ForwarderYaml(top, listen, service, "health: " + value, backends);
    }

    String text() {
        String addresses = backends.stream()
                .map(backend -> backend.startsWith("{") ? backend : "\"" + backend + "\"")
                .map(backend -> "      - " + backend + "\n")
                .collect(Collectors.joining());
        String drain = top.contains("drain-timeout") ? "" : "drain-timeout: 5s\n";
        return top + drain + "services:\n  test:\n    listen: " + listen + "\n" + service + "pools:\n  test:\n    "
                + pool + "\n    backends:\n" + addresses;
    }
}
