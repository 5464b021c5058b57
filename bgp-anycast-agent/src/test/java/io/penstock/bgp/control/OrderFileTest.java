package io.penstock.bgp.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderFileTest {
    @TempDir
    Path directory;

    @Test
    void shouldReadWhatItWrote() throws IOException {
        Map<String, StandingOrder> orders = Map.of(
                "web \"1\"\n",
                StandingOrder.withdraw(false),
                "dns",
                StandingOrder.drain(1_700_000_000_123L, true),
                "mail",
                StandingOrder.resume(true),
                StandingOrders.ALL,
                StandingOrder.drain(0, false));
        Path made = directory.resolve("made/for it");
        new OrderFile(made).store(orders);
        assertEquals(orders, new OrderFile(made).load());
        try (Stream<Path> files = Files.list(made)) {
            assertEquals(List.of(made.resolve(OrderFile.NAME)), files.toList());
        }
    }

    @Test
    void shouldLeaveNoFileWhenNothingStands() throws IOException {
        OrderFile file = new OrderFile(directory);
        file.store(Map.of("web", StandingOrder.withdraw(false)));
        file.store(Map.of());
        assertEquals(Map.of(), file.load());
        assertEquals(false, Files.exists(directory.resolve(OrderFile.NAME)));
    }

    /** The address may have been taken away: nobody has noted it. */
    @Test
    void shouldTakeWhatAnEarlierBuildHasLeftForHandedOver() throws IOException {
        Files.writeString(directory.resolve(OrderFile.NAME), "{\"vip\":\"web\",\"order\":\"withdraw\"}\n");
        assertEquals(Map.of("web", StandingOrder.withdraw(true)), new OrderFile(directory).load());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "[]",
                "{}",
                "{\"vip\":\"web\"}",
                "{\"vip\":\"web\",\"order\":\"dance\"}",
                "{\"vip\":\"web\",\"order\":\"drain\"}",
                "{\"vip\":\"web\",\"order\":\"drain\",\"ends-at-ms\":\"soon\"}",
                "{\"vip\":\"web\",\"order\":\"resume\",\"handed-over\":{}}",
                "{\"vip\":null,\"order\":\"withdraw\"}"
            })
    void shouldRefuseALineThatIsNoOrder(String line) throws IOException {
        Files.writeString(directory.resolve(OrderFile.NAME), line + "\n");
        assertThrows(IOException.class, () -> new OrderFile(directory).load());
    }

    @Test
    void shouldSayWhatToDoWhenItCannotBeRead() throws IOException {
        Files.createDirectory(directory.resolve(OrderFile.NAME));
        IOException refused = assertThrows(IOException.class, () -> new OrderFile(directory).load());
        assertEquals(true, refused.getMessage().contains("remove it"));
    }
}
