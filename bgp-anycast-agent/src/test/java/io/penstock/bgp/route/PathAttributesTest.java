package io.penstock.bgp.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.penstock.bgp.route.PathAttributes.Origin;
import io.penstock.net.IpAddress;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PathAttributesTest {
    private static final PathAttributes FULL = attributes(
            new TreeSet<>(List.of(Community.GRACEFUL_SHUTDOWN, new Community(0xfde9_0064))), List.of(65001L, 65001L));

    private static PathAttributes attributes(SortedSet<Community> communities, List<Long> asPath) {
        return new PathAttributes(
                Origin.INCOMPLETE,
                IpAddress.parse("2001:db8::1"),
                asPath,
                OptionalLong.of(4_294_967_295L),
                OptionalLong.of(0),
                communities,
                new TreeSet<>(List.of(new ExtendedCommunity(0x0002_fde9_0000_0064L))),
                new TreeSet<>(List.of(new LargeCommunity(65001, 9, 1))));
    }

    @Test
    void shouldSayAllInOneLine() {
        assertEquals(
                "next-hop 2001:db8::1, origin incomplete, as-path 65001 65001, med 4294967295, local-pref 0,"
                        + " communities 65001:100 graceful-shutdown, extended-communities rt:65001:100,"
                        + " large-communities 65001:9:1",
                FULL.toString());
        assertEquals("next-hop self", PathAttributes.NONE.toString());
    }

    @Test
    void shouldBeEqualInWhateverOrderCommunitiesCame() {
        SortedSet<Community> backwards = new TreeSet<>(Comparator.reverseOrder());
        backwards.addAll(FULL.communities());
        PathAttributes same = attributes(backwards, FULL.asPath());
        assertEquals(FULL, same);
        assertEquals(FULL.hashCode(), same.hashCode());
    }

    @Test
    void shouldDifferInEachPart() {
        assertNotEquals(FULL, attributes(FULL.communities(), List.of(65001L)));
        SortedSet<Community> others = new TreeSet<>(FULL.communities());
        others.remove(Community.GRACEFUL_SHUTDOWN);
        assertNotEquals(FULL, attributes(others, FULL.asPath()));
        assertNotEquals(PathAttributes.NONE, FULL);
    }

    @Test
    void shouldKeepItsOwnCopies() {
        SortedSet<Community> communities = new TreeSet<>(FULL.communities());
        PathAttributes attributes = attributes(communities, FULL.asPath());
        communities.clear();
        assertEquals(FULL, attributes);
    }
}
