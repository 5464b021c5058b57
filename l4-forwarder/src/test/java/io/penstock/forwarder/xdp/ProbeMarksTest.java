package io.penstock.forwarder.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class ProbeMarksTest {
    @Test
    void shouldHaveKindPlaneAndNumber() {
        ProbeMarks marks = new ProbeMarks("default");
        int last = Abi.MAX_REALS - 1;

        assertEquals(0x7000_0000, marks.mark(0) & 0xf000_0000);
        assertEquals(marks.bits(), marks.mark(last) & 0x0fff_f000);
        assertEquals(last, marks.mark(last) & 0x0fff);
        assertEquals(marks.bits(), new ProbeMarks("default").bits());
    }

    @Test
    void shouldTellPlanesApart() {
        ProbeMarks blue = new ProbeMarks("blue");
        ProbeMarks green = new ProbeMarks("green");

        assertNotEquals(blue.mark(1), green.mark(1));
        assertNotEquals(blue.handle(), green.handle());
        assertEquals(0x7073, blue.handle() >>> 16);
    }
}
