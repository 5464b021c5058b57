package io.penstock.forwarder.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.operate.ForwarderStatus;
import io.penstock.forwarder.operate.ForwarderStatus.BackendStatus;
import io.penstock.forwarder.operate.NewBackend;
import io.penstock.forwarder.operate.Operations.Wish;
import io.penstock.forwarder.operate.RefusedException;
import io.penstock.forwarder.operate.ReloadResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What operators change stands above the file, and what they cannot have changes nothing. */
@Timeout(60)
class LiveOperationsTest {
    @TempDir
    Path directory;

    private LiveForwarder forwarder;
    private LiveOperations operations;

    @BeforeEach
    void start() throws Exception {
        forwarder = new LiveForwarder(directory, LiveForwarder.YAML);
        operations = forwarder.operations;
    }

    @AfterEach
    void close() {
        forwarder.close();
    }

    /** Nothing has changed, not even a table. */
    private String refusal(Executable asked) {
        Object before = forwarder.controller.publication().current();
        List<String> differences = forwarder.differences();
        RefusedException refused = assertThrows(RefusedException.class, asked);
        assertSame(before, forwarder.controller.publication().current());
        assertEquals(differences, forwarder.differences());
        return (refused.isUnknown() ? "unknown: " : "") + refused.getMessage();
    }

    private BackendStatus backend(String id) {
        return operations.status().pools().get(0).backends().stream()
                .filter(backend -> backend.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldAddABackendAndTakeItAway() throws Exception {
        operations.addBackend("web", new NewBackend("c", "10.0.0.3:80", 2));
        assertEquals(3, forwarder.service(0).pool().size());
        assertEquals(List.of("backend web/c: added"), forwarder.differences());
        assertEquals("operator", backend("c").origin());
        assertEquals("file", backend("a").origin());
        assertEquals("backend web/c is there already", refusal(() -> add("web", "c", "10.0.0.3:80", 2)));
        operations.removeBackend("web", "c");
        assertEquals(2, forwarder.service(0).pool().size());
        assertEquals(List.of(), forwarder.differences());
    }

    private void add(String pool, String id, String address, int weight) throws RefusedException {
        operations.addBackend(pool, new NewBackend(id, address, weight));
    }

    @Test
    void shouldRefuseABackendThatCannotBe() {
        assertEquals("unknown: there is no pool nowhere", refusal(() -> add("nowhere", "c", "10.0.0.3:80", 1)));
        assertEquals("backend web/a is there already", refusal(() -> add("web", "a", "10.0.0.3:80", 1)));
        assertEquals("a weight is 0 to 1000 (was 1001)", refusal(() -> add("web", "c", "10.0.0.3:80", 1001)));
        assertEquals("a weight is 0 to 1000 (was -1)", refusal(() -> add("web", "c", "10.0.0.3:80", -1)));
        assertTrue(refusal(() -> add("web", "c", "10.0.0.3:0", 1)).startsWith("address: "));
        assertTrue(refusal(() -> add("web", "c d", "10.0.0.3:80", 1)).startsWith("id: a name must be"));
    }

    @Test
    void shouldRemoveABackendOfTheFileUntilItIsReset() throws Exception {
        operations.removeBackend("web", "a");
        assertEquals(1, forwarder.service(0).pool().size());
        assertEquals(List.of("backend web/a: removed"), forwarder.differences());
        assertEquals("the file has backend web/a: reset it", refusal(() -> add("web", "a", "10.0.0.1:80", 1)));
        assertEquals("unknown: there is no backend web/a", refusal(() -> operations.removeBackend("web", "a")));
        operations.resetBackend("web", "a");
        assertEquals(2, forwarder.service(0).pool().size());
        assertEquals(List.of(), forwarder.differences());
        assertEquals("unknown: there is no backend web/z", refusal(() -> operations.resetBackend("web", "z")));
        assertEquals("unknown: there is no pool z", refusal(() -> operations.resetBackend("z", "a")));
    }

    @Test
    void shouldChangeStateAndWeightEachByItself() throws Exception {
        operations.changeBackend("web", "b", Optional.of(Wish.DRAIN), Optional.empty());
        operations.changeBackend("web", "b", Optional.empty(), Optional.of(7));
        assertEquals(List.of("backend web/b: state drain, weight 7"), forwarder.differences());
        assertEquals(Optional.of("state drain, weight 7"), backend("b").difference());
        assertEquals(1, forwarder.service(0).pool().size());
        operations.changeBackend("web", "b", Optional.of(Wish.MAINTENANCE), Optional.empty());
        assertEquals(List.of("backend web/b: state maintenance, weight 7"), forwarder.differences());
        operations.changeBackend("web", "b", Optional.of(Wish.READY), Optional.of(3));
        assertEquals(List.of(), forwarder.differences(), "what the file says is no difference");
        assertEquals(2, forwarder.service(0).pool().size());
        assertEquals(
                "a weight is 0 to 1000 (was 1001)",
                refusal(() -> operations.changeBackend("web", "b", Optional.empty(), Optional.of(1001))));
        assertEquals(
                "unknown: there is no backend web/z",
                refusal(() -> operations.changeBackend("web", "z", Optional.of(Wish.DRAIN), Optional.empty())));
    }

    @Test
    void shouldCloseAServiceAndOpenItAgain() throws Exception {
        operations.changeService("web", false);
        assertTrue(forwarder.service(0).isClosed());
        assertFalse(forwarder.service(1).isClosed(), "another service of the same pool");
        assertEquals(List.of("service web: disabled"), forwarder.differences());
        assertFalse(operations.status().services().get(0).enabled());
        operations.changeService("web", true);
        assertFalse(forwarder.service(0).isClosed());
        assertEquals(List.of(), forwarder.differences());
        assertEquals("unknown: there is no service z", refusal(() -> operations.changeService("z", false)));
    }

    @Test
    void shouldKeepChangesOverReloadsAndGiveUpThoseThatSayNothingAnyMore() throws Exception {
        operations.changeBackend("web", "a", Optional.of(Wish.DRAIN), Optional.empty());
        operations.changeBackend("web", "b", Optional.empty(), Optional.of(5));
        operations.changeService("api", false);
        assertEquals(List.of(), operations.reload("api").changes());
        forwarder.write(LiveForwarder.YAML.replace("weight: 3", "weight: 5").replaceAll("  api: .*\n", ""));
        ReloadResult result = operations.reload("file");
        assertTrue(result.applied());
        assertEquals(
                List.of(
                        "service api removed",
                        "pool web: backend b: weight 3 -> 5",
                        "given up: backend web/b: weight 5",
                        "given up: service api: disabled"),
                result.changes());
        assertEquals(List.of("backend web/a: state drain"), forwarder.differences());
        assertEquals(1, forwarder.service(0).pool().size());
    }

    @Test
    void shouldChangeNothingWhenAFileIsRefused() throws Exception {
        operations.removeBackend("web", "a");
        Object table = forwarder.controller.publication().current();
        forwarder.write("nonsense: 1\n");
        ReloadResult wrong = operations.reload("signal");
        assertFalse(wrong.applied());
        assertEquals(3, wrong.problems().size(), wrong.problems()::toString);
        forwarder.write(LiveForwarder.YAML.replace("10.0.0.2", "10.0.0.3"));
        forwarder.impossible = Optional.of("no such interface");
        assertEquals(List.of("no such interface"), operations.reload("signal").problems());
        ForwarderStatus status = operations.status();
        assertEquals(2, status.refusedReloads());
        assertEquals(0, status.reloads());
        assertEquals("signal", status.lastReload().trigger());
        assertEquals(List.of("backend web/a: removed"), status.differences());
        assertSame(table, forwarder.controller.publication().current());
        forwarder.impossible = Optional.empty();
        assertTrue(operations.reload("signal").applied());
        assertEquals(1, operations.status().reloads());
    }

    /** To a process with the same file, and to one that has gone on. */
    @Test
    void shouldHandOverWhatStillApplies() throws Exception {
        operations.addBackend("web", new NewBackend("c", "10.0.0.3:80", 2));
        operations.addBackend("other", new NewBackend("d", "10.0.0.4:80", 1));
        operations.changeBackend("web", "c", Optional.of(Wish.DRAIN), Optional.empty());
        operations.removeBackend("web", "b");
        operations.changeService("api", false);
        List<String> differences = forwarder.differences();
        String text = forwarder.config.exportOverrides();
        forwarder.close();
        start();
        forwarder.config.importOverrides(text);
        assertEquals(differences, forwarder.differences());
        assertEquals(1, forwarder.service(0).pool().size());
        assertTrue(forwarder.service(1).isClosed());
        forwarder.close();
        forwarder = new LiveForwarder(
                directory,
                "services: { web: { listen: \"127.0.0.1:80\" } }\npools: { web: { backends: [\"10.0.0.1:80\"] } }");
        forwarder.config.importOverrides(text);
        assertEquals(List.of("backend web/c: added, state drain"), forwarder.differences());
    }

    @Test
    void shouldTakeOverNothingOfAnotherVersion() throws Exception {
        operations.changeService("api", false);
        assertEquals(
                "these overrides are of another version",
                refusal(() -> forwarder.config.importOverrides("overrides 2\ndisable web\n")));
        Object table = forwarder.controller.publication().current();
        forwarder.config.importOverrides(forwarder.config.exportOverrides());
        assertSame(table, forwarder.controller.publication().current(), "all of it is known");
        forwarder.config.importOverrides("overrides 1\n");
        assertEquals(List.of(), forwarder.differences(), "the other process had none");
    }
}
