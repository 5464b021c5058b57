package io.penstock.forwarder.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.BackendConfig.State;
import io.penstock.forwarder.config.ForwarderConfig;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Changes above a file that has pool {@code web} with {@code a} and {@code b}, and pool {@code other}. */
class OverridesTest {
    private static final BackendName A = new BackendName("web", "a");
    private static final BackendName B = new BackendName("web", "b");
    private static final BackendName C = new BackendName("web", "c");

    private final ForwarderConfig file = LiveForwarder.read(LiveForwarder.YAML);

    private static BackendOverride drained() {
        return BackendOverride.NONE.with(Optional.of(State.DRAIN), Optional.empty());
    }

    private static BackendOverride weighed(int weight) {
        return BackendOverride.NONE.with(Optional.empty(), Optional.of(weight));
    }

    private static BackendOverride added(int weight) {
        return BackendOverride.adds(new BackendConfig("c", "10.0.0.3", 80, weight));
    }

    private List<String> ids(Overrides overrides) {
        return overrides.above(file).pools().get("web").backends().stream()
                .map(BackendConfig::id)
                .toList();
    }

    private BackendConfig backend(Overrides overrides, BackendName name) {
        return Overrides.backend(overrides.above(file), name).orElseThrow();
    }

    @Test
    void shouldLeaveTheFileAsItIsWithoutAny() {
        assertEquals(file, Overrides.NONE.above(file));
    }

    @Test
    void shouldKeepTheOrderOfTheFileAndPutWhatIsAddedBehind() {
        assertEquals(
                List.of("a", "b", "c"), ids(Overrides.NONE.with(C, added(1)).with(A, drained())));
        assertEquals(List.of("b"), ids(Overrides.NONE.with(A, BackendOverride.REMOVED)));
        assertEquals(List.of("a", "b"), ids(Overrides.NONE.with(C, added(1)).without(C)));
    }

    @Test
    void shouldChangeWhatIsSaidAndNothingElse() {
        assertEquals(State.DRAIN, backend(Overrides.NONE.with(B, drained()), B).state());
        assertEquals(3, backend(Overrides.NONE.with(B, drained()), B).weight());
        assertEquals(
                9,
                backend(Overrides.NONE.with(C, added(1).with(Optional.empty(), Optional.of(9))), C)
                        .weight());
        assertEquals(
                file.pools().get("other"),
                Overrides.NONE.with(B, drained()).above(file).pools().get("other"));
    }

    @Test
    void shouldGiveUpAUnixSocketOnceDatagramsGoToItsPool() {
        Overrides unix = Overrides.NONE
                .with(C, BackendOverride.adds(new BackendConfig("c", "unix:@c", 0, 1)))
                .with(B, drained());
        assertEquals(unix, unix.within(file));

        ForwarderConfig udp = LiveForwarder.read("""
                services: { web: { listen: "127.0.0.1:80", protocol: udp } }
                pools: { web: { health: none, backends: [{ id: b, address: "10.0.0.2:80" }] } }
                """);
        assertEquals(Overrides.NONE.with(B, drained()), unix.within(udp));
    }

    @Test
    void shouldLetTheFileWinOverWhatWasAddedUnderItsId() {
        Overrides both = Overrides.NONE.with(A, BackendOverride.adds(new BackendConfig("a", "10.9.9.9", 80, 4)));
        assertEquals("10.0.0.1", backend(both, A).host());
        assertEquals(Overrides.NONE, both.within(file));
    }

    @Test
    void shouldGiveUpWhatSaysNothingAboveAFile() {
        Overrides all = Overrides.NONE
                .with(A, drained())
                .with(B, weighed(3))
                .with(C, drained())
                .with(new BackendName("gone", "a"), drained())
                .withService("web", false)
                .withService("gone", false);
        Overrides kept = all.within(file);
        assertEquals(List.of("backend web/a: state drain", "service web: disabled"), kept.lines());
        assertEquals(
                List.of(
                        "backend gone/a: state drain",
                        "backend web/b: weight 3",
                        "backend web/c: state drain",
                        "service gone: disabled"),
                all.lostIn(kept));
        assertEquals(List.of(), kept.lostIn(kept));
    }

    @Test
    void shouldListThemInOneOrder() {
        Overrides one = Overrides.NONE.with(B, drained()).with(A, weighed(0)).withService("web", false);
        Overrides other =
                Overrides.NONE.withService("web", false).with(A, weighed(0)).with(B, drained());
        assertEquals(one, other);
        assertEquals(
                List.of("backend web/a: weight 0", "backend web/b: state drain", "service web: disabled"), one.lines());
        assertEquals(
                List.of(), one.without(A).without(B).withService("web", true).lines());
    }
}
