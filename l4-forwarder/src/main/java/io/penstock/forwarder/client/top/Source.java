package io.penstock.forwarder.client.top;

import java.io.IOException;

/** Where samples come from. */
@FunctionalInterface
public interface Source {
    /**
     * Asks the forwarder.
     *
     * @throws IOException when it does not answer, or refuses; the message says why
     */
    Sample read() throws IOException, InterruptedException;
}
