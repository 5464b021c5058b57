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
    private static final String LINE = "2026-11-22T19:00:00.000Z [bgp-log] INFO EventLines - ";
    private static final String REST = " prefix=192.0.2.10/32 sent-after-ms=";

    @TempDir
    Path directory;

    private Path write(String... lines) throws IOException {
        Path log = directory.resolve("agent.log");
        for (String line : lines) {
            Files.writeString(log, LINE + line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        return log;
    }

    @Test
    void shouldReadWhenNewWithdrawalsWereSentNotWhenTheyWereTaken() throws IOException {
        Reactions reactions = new Reactions(List.of(write("event=withdrawn subject=web4 after-ms=9.9" + REST + "8.8")));
        assertEquals(List.of(), reactions.millis());
        Path unused = write(
                "event=state subject=web4 from=up reason=\"no answer\" to=down",
                "event=withdrawn subject=web4 after-ms=3.1" + REST + "0.4",
                "event=announced subject=web4 after-ms=2.5 attributes=x" + REST + "0.3");
        assertEquals(List.of(0.4), reactions.millis());
    }
}
