package io.penstock.perf.compare;

import java.io.IOException;

/** The clients and the backend of one contestant. {@link #close} ends both. */
interface Load extends AutoCloseable {
    /**
     * One run of about {@code seconds}. Fails when nothing came through or the run could not be made; requests that
     * failed are counted in its outcome.
     */
    Work run(int seconds, Pace pace, Window window) throws IOException, InterruptedException;

    @Override
    void close();
}
