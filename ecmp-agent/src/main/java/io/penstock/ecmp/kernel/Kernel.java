package io.penstock.ecmp.kernel;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The edge to the kernel. Of the agent's thread only. */
public interface Kernel {
    /** Asks for everything. */
    KernelState observe() throws IOException;

    /**
     * Makes the changes in this order, each whether or not those before succeeded.
     *
     * @return for each change nothing, or why it was refused
     */
    List<Optional<String>> apply(List<KernelChange> changes) throws IOException;
}
