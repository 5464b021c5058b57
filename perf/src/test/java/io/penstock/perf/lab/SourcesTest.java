package io.penstock.perf.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SourcesTest {
    private static IpPrefix block(String text) {
        return IpPrefix.parse(text).orElseThrow();
    }

    @Test
    void shouldBeginAfterTheBlocksOwnAddress() {
        assertEquals(
                List.of("10.100.0.1", "10.100.0.2"),
                Sources.of(block("10.100.0.0/16"), 2).stream()
                        .map(IpAddress::toString)
                        .toList());
    }

    @Test
    void shouldHaveTheWholeBlock() {
        List<IpAddress> all = Sources.of(block("10.100.0.0/16"), 65_535);
        assertEquals("10.100.255.255", all.get(all.size() - 1).toString());
        assertEquals(65_535, Sources.room(block("10.100.0.0/16")));
    }

    @Test
    void shouldRefuseMoreThanThereAre() {
        assertThrows(IllegalArgumentException.class, () -> Sources.of(block("10.100.0.0/30"), 4));
        assertThrows(IllegalArgumentException.class, () -> Sources.of(block("2001:db8::/64"), 1));
    }
}
