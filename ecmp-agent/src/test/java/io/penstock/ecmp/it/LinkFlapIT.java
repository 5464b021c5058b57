package io.penstock.ecmp.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every route leads to exactly the legs whose links are up, once both roles have had their look. */
@Timeout(300)
class LinkFlapIT {
    private static final int FLAPS = 200;

    @Test
    void shouldLeadToTheLegsWhoseLinksAreUpAfterEachOf200Flaps() throws Exception {
        try (NetworkOfLinks network = new NetworkOfLinks(LinkFlaps.LINKS);
                InProcessAgent agent =
                        InProcessAgent.of(network, LinkFlaps.configs().build())) {
            LinkFlaps flaps = new LinkFlaps(network);
            agent.settle();
            assertEquals(List.of(), flaps.wrong());
            for (int i = 0; i < FLAPS; i++) {
                flaps.flap();
                agent.settle();
                int flap = i;
                assertEquals(List.of(), flaps.wrong(), () -> "flap " + flap);
            }
        }
    }
}
