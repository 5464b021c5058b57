package io.penstock.forwarder.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.config.BackendConfig.State;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.OfferedBackend;
import io.penstock.forwarder.operate.RefusedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What one process writes the other reads, and whatever else comes does no harm. */
class OverridesTextTest {
    private static final ForwarderConfig FILE = LiveForwarder.read(LiveForwarder.YAML);
    private static final List<String> POOLS = List.of("web", "other");

    private static Overrides parsed(String text) throws RefusedException {
        return OverridesText.parse(text, FILE).overrides();
    }

    @Provide
    Arbitrary<Overrides> overrides() {
        Arbitrary<BackendOverride> changed = Combinators.combine(
                        Arbitraries.of(State.class).optional(),
                        Arbitraries.integers().between(0, 1000).optional())
                .filter((state, weight) -> state.isPresent() || weight.isPresent())
                .as(BackendOverride.NONE::with);
        Arbitrary<BackendName> names =
                Combinators.combine(Arbitraries.of(POOLS), ids()).as(BackendName::new);
        Arbitrary<Map<BackendName, BackendOverride>> changes = Arbitraries.maps(
                        names, Arbitraries.oneOf(changed, Arbitraries.just(BackendOverride.REMOVED)))
                .ofMaxSize(8);
        Arbitrary<Map<BackendName, BackendOverride>> added = names.flatMap(name -> addition(name, changed))
                .list()
                .ofMaxSize(4)
                .map(all -> all.stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, other) -> other)));
        Arbitrary<Set<String>> closed = ids().set().ofMaxSize(3);
        return Combinators.combine(changes, added, closed).as((some, more, services) -> {
            Overrides all = new Overrides(some, services);
            for (Map.Entry<BackendName, BackendOverride> one : more.entrySet()) {
                all = all.with(one.getKey(), one.getValue());
            }
            return all;
        });
    }

    /** One that is added, and maybe changed since. */
    private static Arbitrary<Map.Entry<BackendName, BackendOverride>> addition(
            BackendName name, Arbitrary<BackendOverride> changes) {
        Arbitrary<String> addresses =
                Arbitraries.of("10.0.0.7:80", "10.0.0.7", "[2001:db8::7]:8080", "[2001:db8::7]", "name.example:1");
        return Combinators.combine(addresses, Arbitraries.integers().between(0, 1000), changes.optional())
                .as((address, weight, change) -> {
                    BackendOverride added =
                            BackendOverride.adds(OfferedBackend.read(FILE, name.pool(), name.id(), address, weight));
                    return Map.entry(
                            name,
                            change.map(more -> added.with(more.state(), more.weight()))
                                    .orElse(added));
                });
    }

    /** Of every character that a name may have. */
    private static Arbitrary<String> ids() {
        return Arbitraries.oneOf(
                Arbitraries.of("a", "b"),
                Arbitraries.strings().withChars("AZaz09._:[]/-").ofMinLength(1).ofMaxLength(128));
    }

    @Property
    void shouldReadWhatItWrote(@ForAll("overrides") Overrides overrides) throws RefusedException {
        OverridesText.Parsed parsed = OverridesText.parse(OverridesText.of(overrides), FILE);
        assertEquals(overrides, parsed.overrides());
        assertEquals(List.of(), parsed.unusable());
    }

    @Property
    void shouldTakeNoHarmFromGarbage(@ForAll("garbage") String text) throws RefusedException {
        OverridesText.Parsed parsed = OverridesText.parse("overrides 1\n" + text, FILE);
        Overrides kept = parsed.overrides().within(FILE);
        assertEquals(kept, parsed(OverridesText.of(kept)), "what was taken from it is as good as any");
        kept.above(FILE).pools().values().forEach(pool -> pool.backends()
                .forEach(backend -> assertTrue(backend.weight() >= 0 && backend.weight() <= 1000)));
    }

    /** Lines of the words that there are and of others, in any order and number. */
    @Provide
    Arbitrary<String> garbage() {
        Arbitrary<String> words = Arbitraries.oneOf(
                Arbitraries.of("add", "remove", "state", "weight", "disable", "web", "other", "a", "b", "x", ""),
                Arbitraries.of(
                        "drain", "ready", "DRAIN", "10.0.0.1:80", "10.0.0.1:0", "[::1", "0", "-1", "1001", "9e9"),
                Arbitraries.strings().ofMaxLength(5));
        return words.list()
                .ofMaxSize(6)
                .map(line -> String.join(" ", line))
                .list()
                .ofMaxSize(10)
                .map(lines -> String.join("\n", lines));
    }

    @Property
    void shouldRefuseWhatDoesNotBeginAsAVersionOne(@ForAll String text) {
        if (!text.lines().findFirst().equals(Optional.of("overrides 1"))) {
            assertThrows(RefusedException.class, () -> parsed(text));
        }
    }

    @Test
    void shouldSayWhichLinesCannotBeUsed() throws Exception {
        OverridesText.Parsed parsed = OverridesText.parse("""
                overrides 1
                state web a drain
                state web b asleep
                weight web b 1001
                add nowhere c 10.0.0.3:80 1
                add web c 10.0.0.3:0 1
                paint web a blue
                remove web
                disable
                weight web b 7
                """, FILE);
        assertEquals(
                List.of(
                        "state web b asleep",
                        "weight web b 1001",
                        "add nowhere c 10.0.0.3:80 1",
                        "add web c 10.0.0.3:0 1",
                        "paint web a blue",
                        "remove web",
                        "disable"),
                parsed.unusable());
        assertEquals(
                List.of("backend web/a: state drain", "backend web/b: weight 7"),
                parsed.overrides().lines());
    }
}
