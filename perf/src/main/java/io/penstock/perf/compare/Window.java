package io.penstock.perf.compare;

import java.io.IOException;

/** Around the time in which work is counted; whoever meters something does so from open to close. */
interface Window {
    /** When nothing is metered. */
    Window NONE = new Window() {
        @Override
        public void open() {}

        @Override
        public void close() {}
    };

    void open() throws IOException;

    void close() throws IOException;
}
