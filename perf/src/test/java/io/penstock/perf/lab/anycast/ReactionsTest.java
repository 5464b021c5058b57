package io.penstock.perf.lab.anycast;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReactionsTest {
    private static final String FORMER = "2026-11-22T19:00:00.000Z [bgp-log] INFO EventLines - event=withdrawn subject=web4"
            + " after-ms=9.9 prefix=192.0.2.10/32 sent-after-ms=8.8\n";

    @TempDir
    Path directory;

    @Test
    void shouldReadWhenNewWithdrawalsWereSentNotWhenTheyWereTaken() throws IOException {
        Path log = Files.writeString(directory.resolve("agent.log"), FORMER);
        Reactions reactions = new Reactions(List.of(log));
        assertEquals(List.of(), reactions.millis());
        Files.writeString(log, """
                2026-11-22T19:00:01.000Z [bgp-log] WARN EventLines - event=state subject=web4 from=up reason="no answer" to=down
                2026-11-22T19:00:01.003Z [bgp-log] INFO EventLines - event=withdrawn subject=web4 after-ms=3.1 prefix=192.0.2.10/32 sent-after-ms=0.4
                2026-11-22T19:00:09.000Z [bgp-log] INFO EventLines - event=announced subject=web4 after-ms=2.5 attributes="x" prefix=192.0.2.10/32 sent-after-ms=0.3
                """, StandardOpenOption.APPEND);
        assertEquals(List.of(0.4), reactions.millis());
    }
}
