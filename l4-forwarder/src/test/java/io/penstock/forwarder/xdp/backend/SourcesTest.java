package io.penstock.forwarder.xdp.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;

class SourcesTest {
    @Test
    void shouldLetInWhoeverOneLetsIn() {
        assertEquals(
                Plans.sources("10.0.0.0/30", "10.0.1.0/30", "2001:db8::/64"),
                Sources.together(List.of(
                        Plans.sources("10.0.0.0/30", "10.0.1.0/30"),
                        Sources.UNSAID,
                        Plans.sources("10.0.1.0/30", "2001:db8::/64"))));
        assertEquals(Sources.ANY, Sources.together(List.of(Plans.sources("10.0.0.0/30"), Sources.ANY)));
    }

    @Test
    void shouldSayNothingWhenNobodyDoes() {
        assertFalse(Sources.together(List.of()).isSaid());
        assertFalse(Sources.together(List.of(Sources.UNSAID, Sources.UNSAID)).isSaid());
    }

    @Test
    void shouldReadAsUsersWriteIt() {
        assertEquals("any", Sources.ANY.toString());
        assertEquals(
                "10.0.0.0/30,2001:db8::/64",
                Plans.sources("2001:db8::/64", "10.0.0.0/30").toString());
    }
}
