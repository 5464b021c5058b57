package io.penstock.forwarder.client.top;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.client.top.Key.Kind;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.jline.utils.NonBlocking;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KeyReaderTest {
    private static List<Key> keys(String typed) throws IOException {
        KeyReader reader = new KeyReader(NonBlocking.nonBlocking("keys", new StringReader(typed)));
        List<Key> keys = new ArrayList<>();
        do {
            keys.add(reader.read());
        } while (keys.get(keys.size() - 1).kind() != Kind.CLOSED);
        return keys.subList(0, keys.size() - 1);
    }

    private static List<Kind> kinds(String typed) throws IOException {
        return keys(typed).stream().map(Key::kind).toList();
    }

    @Test
    void shouldReadCharactersAsTheyAre() throws IOException {
        assertEquals(List.of(Key.of('q'), Key.of('/'), Key.of(' '), Key.of('ü')), keys("q/ ü"));
    }

    @Test
    void shouldReadTheSequencesOfBothCursorModes() throws IOException {
        assertEquals(
                List.of(Kind.UP, Kind.DOWN, Kind.RIGHT, Kind.LEFT, Kind.UP, Kind.HOME, Kind.END),
                kinds("\033[A\033[B\033[C\033[D\033OA\033OH\033[F"));
        assertEquals(List.of(Kind.HOME, Kind.END, Kind.PAGE_UP, Kind.PAGE_DOWN), kinds("\033[1~\033[4~\033[5~\033[6~"));
        assertEquals(List.of(Kind.ENTER, Kind.ENTER, Kind.BACKSPACE, Kind.BACKSPACE), kinds("\r\n\b\177"));
    }

    @Test
    void shouldTellAnEscapeFromASequence() throws IOException {
        assertEquals(List.of(Key.of(Kind.ESCAPE), Key.of('q')), keys("\033q"));
        assertEquals(List.of(Kind.ESCAPE), kinds("\033"));
    }

    @Test
    void shouldSkipWhatMeansNothing() throws IOException {
        assertEquals(List.of(Key.of('y')), keys("\001\033[3~\033[1;5P\033[0123456789xy"));
    }
}
