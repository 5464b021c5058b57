package io.penstock.forwarder.flowlog;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Where lines go. NOT thread safe: the writer's own. */
interface FlowSink extends Closeable {
    /** All went. */
    long DONE = 0;

    /**
     * Passes on whole lines, each with a newline at its end.
     *
     * @param lines what is left of them is to be given again, from its position on; more may be behind it by then
     * @return {@link #DONE}, or after how many nanoseconds to go on with the rest
     * @throws IOException when it takes nothing now; the rest may be tried again
     */
    long write(ByteBuffer lines) throws IOException;

    /** Begins anew, where there is something to begin: the file may have been moved away. */
    void reopen();
}
