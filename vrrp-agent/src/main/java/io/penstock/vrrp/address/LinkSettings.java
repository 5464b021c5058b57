package io.penstock.vrrp.address;

import java.io.IOException;
import java.util.Set;

/** What interfaces need of the kernel's settings. Of the agent's thread. */
interface LinkSettings {
    /** Leaves them as they are. */
    LinkSettings NONE = new LinkSettings() {
        @Override
        public void open(int protocol) {}

        @Override
        public void prepare(String virtual) {}

        @Override
        public void hold(Set<String> lowers, Set<String> shared) {}

        @Override
        public void release() {}
    };

    /**
     * Takes over what a former run has not put back.
     *
     * @param protocol the agent's number
     */
    void open(int protocol) throws IOException;

    /** An interface with a virtual MAC address: it answers for what is on it and nothing else, and makes no addresses by itself. */
    void prepare(String virtual);

    /**
     * Holds these and no others.
     *
     * @param lowers that have interfaces with virtual MAC addresses
     * @param shared that have VIPs within larger networks
     */
    void hold(Set<String> lowers, Set<String> shared);

    /** Puts everything back. */
    void release();
}
