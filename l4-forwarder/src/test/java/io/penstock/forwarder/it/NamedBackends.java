package io.penstock.forwarder.it;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Backends named a, b, c and so on, at addresses and one port of their own. Each begins every connection with its name, one
 * letter, and then echoes.
 */
final class NamedBackends implements AutoCloseable {
    /** Of a connection to the forwarder: the backend that it met. */
    record Meeting(Socket socket, String name) implements AutoCloseable {
        /** What is established goes on. */
        void assertGoesOn() throws IOException {
            Clients.assertEchoes(socket, "still there?");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static final int FIRST_HOST = 11;

    private final int port = Ports.free();
    private final Map<String, TestBackend> running = new TreeMap<>();

    private NamedBackends() {}

    static NamedBackends running(int count) throws IOException {
        NamedBackends backends = new NamedBackends();
        for (int i = 0; i < count; i++) {
            backends.start(Character.toString('a' + i));
        }
        return backends;
    }

    static String host(String name) {
        return "127.0.0." + (FIRST_HOST + name.charAt(0) - 'a');
    }

    static void greet(Socket socket, String name) throws IOException {
        Clients.write(socket, name);
        TestBackend.echo(socket);
    }

    void start(String name) throws IOException {
        start(name, socket -> greet(socket, name));
    }

    /** Does something else with connections. */
    void start(String name, TestBackend.Script script) throws IOException {
        running.put(name, TestBackend.at(host(name), port, script));
    }

    /** Refuses connections from now on, and ends those it had. */
    void stop(String name) {
        running.remove(name).close();
    }

    /** Connections that this one has had since it was started last. */
    int accepted(String name) {
        return running.get(name).accepted();
    }

    String address(String name) {
        return host(name) + ":" + port;
    }

    /** An entry of the pool, with more of its keys, such as {@code weight: 3}. */
    String entry(String name, String... more) {
        String keys = more.length == 0 ? "" : ", " + String.join(", ", more);
        return "{ id: " + name + ", address: \"" + address(name) + "\"" + keys + " }";
    }

    /** A pool of all of them. */
    ForwarderYaml pool(int listenPort) {
        List<String> entries = new ArrayList<>();
        running.keySet().forEach(name -> entries.add(entry(name)));
        return ForwarderYaml.to(listenPort, entries.toArray(String[]::new));
    }

    static Meeting meet(int listenPort) throws IOException {
        return meet(Clients.connect(listenPort));
    }

    private static Meeting meet(Socket socket) throws IOException {
        try {
            String name = Clients.read(socket, 1);
            if (name.isEmpty()) {
                throw new IOException("ended before its backend said its name");
            }
            return new Meeting(socket, name);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Who answers a new connection. */
    static String ask(int listenPort) throws IOException {
        try (Meeting meeting = meet(listenPort)) {
            return meeting.name();
        }
    }

    /** Who answers a new connection from this address. */
    static String askFrom(String source, int listenPort) throws IOException {
        try (Meeting meeting = meet(Clients.connectFrom(source, listenPort))) {
            return meeting.name();
        }
    }

    /** How many of so many new connections each answers. */
    static Map<String, Integer> tally(int listenPort, int connections) throws IOException {
        Map<String, Integer> shares = new TreeMap<>();
        for (int i = 0; i < connections; i++) {
            shares.merge(ask(listenPort), 1, Integer::sum);
        }
        return shares;
    }

    @Override
    public void close() {
        running.values().forEach(TestBackend::close);
    }
}
