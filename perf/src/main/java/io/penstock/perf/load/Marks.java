package io.penstock.perf.load;

/** Told when the measured period begins and ends, so that whoever meters the target can read its counters then. */
interface Marks {
    /** For runs that nobody meters. */
    Marks NONE = new Marks() {
        @Override
        public void start() {}

        @Override
        public void end() {}
    };

    void start();

    void end();
}
