package io.penstock.health;

/** How the states of several checks make one verdict. */
public sealed interface Combination {
    /** Up while every check is. */
    record All() implements Combination {}

    /** Up while one check is. */
    record Any() implements Combination {}

    /**
     * Up while so many checks are.
     *
     * @param checks 1 to as many as the plan has
     */
    record AtLeast(int checks) implements Combination {}

    /**
     * The weights of the checks that are up are added. A target comes up at one sum and goes down below another, so that a
     * sum between them changes nothing.
     *
     * @param up comes up at this sum or more
     * @param down goes down below this sum; at most {@code up}
     */
    record Score(int up, int down) implements Combination {
        public Score {
            if (up < 1 || down > up) {
                throw new IllegalArgumentException("a target comes up at 1 or more, and goes down below that or less");
            }
        }
    }
}
