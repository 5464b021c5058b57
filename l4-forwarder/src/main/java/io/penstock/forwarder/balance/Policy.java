package io.penstock.forwarder.balance;

/**
 * A way of choosing among the backends of one group, by their index. The group is fixed; what changes while it serves is
 * in each backend's {@link BackendLoad}. Every worker asks the same object: what it holds beside loads must stand that.
 */
public interface Policy {
    /** Returned when every backend of the group is excluded, or there is none. */
    int NONE = -1;

    /**
     * The backend for a connection. Allocates nothing; O(1) or O(log n) unless many are excluded.
     *
     * @param hash keyed, of the flow or its source; only policies that hash go by it
     * @param selection what this pick may not return, and its random numbers
     * @return an index that is not excluded, or {@link #NONE}
     */
    int pick(long hash, Selection selection);

    /**
     * The loads tell this policy nothing any more. Workers that have not adopted the next table may still ask it for a
     * moment, and it picks by what it can see. Called by the thread that makes policies, once.
     */
    default void retire() {}
}
