package io.penstock.vrrp.address;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The edge to the kernel. Of the agent's thread; whoever opened it closes it. */
interface AddressKernel extends AutoCloseable {
    /** Asks for everything. */
    KernelView look() throws IOException;

    /**
     * Makes the changes in this order with as few system calls as it takes, each whether or not those before succeeded.
     *
     * @return for each change nothing, or why it was refused
     */
    List<Optional<String>> apply(List<KernelChange> changes) throws IOException;

    @Override
    void close();
}
