package io.penstock.forwarder.client.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.client.top.Key.Kind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ViewTest {
    private final View view = new View(Optional.empty(), "");

    private void press(String keys) {
        keys.chars().forEach(key -> view.onKey(Key.of((char) key)));
    }

    @Test
    void shouldGoThroughOrdersAndComeBackToTheFiles() {
        assertEquals("", view.order());
        for (Order order : Order.values()) {
            press("s");
            assertEquals(order.title(), view.order());
        }
        press("s");
        assertEquals("", view.order());
        view.onKey(Key.of(Kind.LEFT));
        assertEquals("1ST BYTE", view.order());
    }

    @Test
    void shouldFilterByWhatIsTypedUntilEscape() {
        press("/WEB-2q");
        assertTrue(view.isTyping());
        view.onKey(Key.of(Kind.BACKSPACE));
        view.onKey(Key.of(Kind.ENTER));
        assertFalse(view.isTyping());
        List<Sample.Backend> backends = TopSamples.sample(1).backends();
        assertFalse(view.shows(backends.get(0)));
        assertTrue(view.shows(backends.get(1)));
        view.onKey(Key.of(Kind.ESCAPE));
        assertTrue(view.shows(backends.get(0)));
    }

    @Test
    void shouldBoundTheFilter() {
        press("/" + "x".repeat(1000));
        assertEquals(64, view.filter().length());
    }

    @Test
    void shouldScrollNoFurtherThanTheLastPage() {
        assertEquals(0, view.top(100, 10));
        view.onKey(Key.of(Kind.PAGE_DOWN));
        assertEquals(10, view.top(100, 10));
        press("k");
        assertEquals(9, view.top(100, 10));
        press("G");
        assertEquals(90, view.top(100, 10));
        view.onKey(Key.of(Kind.PAGE_DOWN));
        assertEquals(90, view.top(100, 10));
        assertEquals(0, view.top(3, 10));
        view.onKey(Key.of(Kind.UP));
        assertEquals(0, view.top(100, 10));
    }

    @Test
    void shouldEndByKeyOrWhenTheTerminalIsGone() {
        press("p/q");
        assertFalse(view.isOver());
        view.onKey(Key.of(Kind.CLOSED));
        assertTrue(view.isOver());
        View other = new View(Optional.of(Order.FAIL), "x");
        other.onKey(Key.of('q'));
        assertTrue(other.isOver());
        assertEquals("FAIL/S", other.order());
    }
}
