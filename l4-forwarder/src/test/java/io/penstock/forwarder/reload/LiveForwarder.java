package io.penstock.forwarder.reload;

import io.penstock.events.EventLog;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.ForwarderConfigReader;
import io.penstock.forwarder.control.ConnectionQueries;
import io.penstock.forwarder.control.Controller;
import io.penstock.forwarder.control.DrainHost;
import io.penstock.forwarder.control.Drains;
import io.penstock.forwarder.control.Listeners;
import io.penstock.forwarder.geo.ClientPlaces;
import io.penstock.forwarder.table.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** A forwarder without workers: what it is asked goes as far as the tables that they would read. */
final class LiveForwarder implements AutoCloseable {
    static final String YAML = """
            services:
              web: { listen: "127.0.0.1:80" }
              api: { listen: "127.0.0.1:81", pool: web }
            pools:
              web:
                health: none
                backends:
                  - { id: a, address: "10.0.0.1:80" }
                  - { id: b, address: "10.0.0.2:80", weight: 3 }
              other: { health: none, backends: ["10.0.0.9:80"] }
            """;

    static final int PORT_RANGE = 28_232;

    private static final Instant NOW = Instant.ofEpochSecond(1_000);

    final LiveConfig config;
    final LiveOperations operations;
    final Controller controller;
    final EventLog events;
    /** Why the process cannot do what a file wants. */
    Optional<String> impossible = Optional.empty();

    private final Path file;
    private final Drains drains;

    LiveForwarder(Path directory, String yaml) throws Exception {
        file = directory.resolve("forwarder.yaml");
        write(yaml);
        ForwarderConfig started = ForwarderConfigReader.read(file);
        ClientPlaces clients = ClientPlaces.read(started);
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        events = new EventLog(clock);
        controller = new Controller(started, clients, events);
        controller.start(List.of(), Listeners.NONE, false);
        settle();
        drains = new Drains(
                List.of(),
                new DrainHost() {
                    @Override
                    public void drainBackend(String pool, String backend) {
                        throw new AssertionError();
                    }

                    @Override
                    public void stopAccepting() {
                        throw new AssertionError();
                    }
                },
                events);
        config = new LiveConfig(started, clients, controller, offered -> impossible, drains::onConfig, clock, events);
        operations = new LiveOperations(
                config,
                new StatusReport(
                        controller,
                        List.of(),
                        new StatusReport.Self(() -> "running", () -> PORT_RANGE, () -> 15_000),
                        clock),
                new ConnectionQueries(List.of()),
                drains,
                events);
    }

    /** A configuration from text alone. */
    static ForwarderConfig read(String yaml) {
        try {
            Path file = Files.createTempFile("penstock", ".yaml");
            try {
                return ForwarderConfigReader.read(Files.writeString(file, yaml));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(String yaml) throws IOException {
        Files.writeString(file, yaml);
    }

    /** As workers have it; 0 is web, 1 is api. */
    Service service(int index) {
        return controller.publication().current().service(index);
    }

    List<String> differences() {
        return operations.status().differences();
    }

    /** The table that a start leads to is there: it is queued by what the first question waits for. */
    private void settle() throws Exception {
        controller.services(List.of());
        controller.services(List.of());
    }

    @Override
    public void close() {
        drains.close();
        controller.close();
    }
}
