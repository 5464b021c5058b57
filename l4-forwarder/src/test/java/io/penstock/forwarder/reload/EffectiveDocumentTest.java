package io.penstock.forwarder.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.operate.NewBackend;
import io.penstock.forwarder.operate.Operations.Wish;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EffectiveDocumentTest {
    private static final String YAML = """
            workers: 0x2
            splice: none
            limits: { connections: 1000 }
            services:
              web: { listen: ["127.0.0.1:80", "*:8000-8009"], timeouts: { idle: 1h } }
            pools:
              web:
                health: none
                backends:
                  - "10.0.0.1:80"
                  - { id: b, address: "10.0.0.2:80", weight: 3 }
            """;

    @TempDir
    Path directory;

    private static JsonObject config(LiveForwarder forwarder) {
        return forwarder.config.document().getAsJsonObject("config");
    }

    private static JsonArray backends(LiveForwarder forwarder) {
        return config(forwarder).getAsJsonObject("pools").getAsJsonObject("web").getAsJsonArray("backends");
    }

    @Test
    void shouldBeTheFileWhenNobodyChangedAnything() throws Exception {
        try (LiveForwarder forwarder = new LiveForwarder(directory, YAML)) {
            JsonObject document = forwarder.config.document();
            assertTrue(document.get("file").getAsString().endsWith("forwarder.yaml"));
            assertEquals(new JsonArray(), document.get("differences"));
            assertEquals(
                    "{\"workers\":2,\"splice\":\"none\",\"limits\":{\"connections\":1000},"
                            + "\"services\":{\"web\":{\"listen\":[\"127.0.0.1:80\",\"*:8000-8009\"],"
                            + "\"timeouts\":{\"idle\":\"1h\"}}},\"pools\":{\"web\":{\"health\":\"none\",\"backends\":"
                            + "[\"10.0.0.1:80\",{\"id\":\"b\",\"address\":\"10.0.0.2:80\",\"weight\":3}]}}}",
                    config(forwarder).toString());
        }
    }

    @Test
    void shouldHaveWhatOperatorsChanged() throws Exception {
        try (LiveForwarder forwarder = new LiveForwarder(directory, YAML)) {
            forwarder.operations.changeBackend("web", "10.0.0.1:80", Optional.of(Wish.DRAIN), Optional.of(7));
            forwarder.operations.removeBackend("web", "b");
            forwarder.operations.addBackend("web", new NewBackend("c", "[2001:db8::3]:80", 5));
            forwarder.operations.changeService("web", false);
            assertEquals(
                    "[{\"address\":\"10.0.0.1:80\",\"state\":\"drain\",\"weight\":7},"
                            + "{\"id\":\"c\",\"address\":\"[2001:db8::3]:80\",\"weight\":5}]",
                    backends(forwarder).toString());
            assertEquals(
                    4, forwarder.config.document().getAsJsonArray("differences").size());
        }
    }

    /** JSON is YAML: what is shown is a file that does the same. */
    @Test
    void shouldReadBackAsWhatRuns() throws Exception {
        try (LiveForwarder forwarder = new LiveForwarder(directory, YAML)) {
            forwarder.operations.addBackend("web", new NewBackend("c", "10.0.0.3:80", 5));
            forwarder.operations.changeBackend("web", "b", Optional.of(Wish.MAINTENANCE), Optional.empty());
            ForwarderConfig running = forwarder.config.view().effective();
            ForwarderConfig read = LiveForwarder.read(config(forwarder).toString());
            assertEquals(running.services(), read.services());
            assertEquals(running.pools(), read.pools());
            assertEquals(
                    List.of(),
                    ConfigChanges.between(running, read).stream()
                            .filter(change -> !change.startsWith("secret-file"))
                            .toList());
        }
    }

    @Test
    void shouldBeTheFileAsItWasAppliedLast() throws Exception {
        try (LiveForwarder forwarder = new LiveForwarder(directory, YAML)) {
            forwarder.write(YAML.replace("10.0.0.1", "10.0.0.9"));
            assertEquals("10.0.0.1:80", backends(forwarder).get(0).getAsString());
            forwarder.config.reload("test");
            assertEquals("10.0.0.9:80", backends(forwarder).get(0).getAsString());
            forwarder.write("nonsense: 1");
            forwarder.config.reload("test");
            assertEquals("10.0.0.9:80", backends(forwarder).get(0).getAsString());
        }
    }

    @Test
    void shouldHideWhatMayBeASecret() throws Exception {
        String yaml = YAML.replace(
                "health: none",
                "health: { checks: { redis: { exchange: { send: \"AUTH geheim\\r\\n\", expect: \"+OK\" } }, "
                        + "own: { exec: { command: [\"/bin/true\", \"--password\", \"geheim\"] } } } }");
        try (LiveForwarder forwarder = new LiveForwarder(directory, yaml)) {
            String shown = config(forwarder).toString();
            assertFalse(shown.contains("geheim"), shown);
            assertTrue(shown.contains("\"send\":\"(hidden)\""), shown);
            assertTrue(shown.contains("[\"/bin/true\",\"(hidden)\",\"(hidden)\"]"), shown);
            assertTrue(shown.contains("\"expect\":\"+OK\""), shown);
        }
    }
}
