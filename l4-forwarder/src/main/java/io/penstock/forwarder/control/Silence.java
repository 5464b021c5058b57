package io.penstock.forwarder.control;

/** Whether probes have told nothing for so many times in a row that it is no hiccup. Belongs to one thread. */
final class Silence {
    enum Change {
        NONE,
        BEGINS,
        ENDS
    }

    private final int least;
    private int inARow;

    /** @param least probes in a row that tell nothing, at least 1 */
    Silence(int least) {
        this.least = least;
    }

    Change onProbe(boolean told) {
        if (told) {
            boolean ends = inARow == least;
            inARow = 0;
            return ends ? Change.ENDS : Change.NONE;
        }
        if (inARow == least) {
            return Change.NONE;
        }
        inARow++;
        return inARow == least ? Change.BEGINS : Change.NONE;
    }
}
