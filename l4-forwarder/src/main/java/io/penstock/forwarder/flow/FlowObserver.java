package io.penstock.forwarder.flow;

/**
 * Is told of connections and sessions that end, on their worker's thread; must neither block nor allocate. It says first
 * which it wants to know of, so that nothing is put together for the others.
 */
public interface FlowObserver {
    /** Wants to know of none. */
    FlowObserver NONE = new FlowObserver() {
        @Override
        public FlowEnd tryBegin(long token, boolean failure) {
            return null;
        }

        @Override
        public void onEnded(FlowEnd end) {
            throw new IllegalStateException("asked for none");
        }
    };

    /**
     * One ends.
     *
     * @param token as in {@link FlowEnd#token}
     * @param failure as in {@link FlowEnd#isFailure}
     * @return to be filled in whole and given to {@link #onEnded} at once; null when it is of no interest
     */
    FlowEnd tryBegin(long token, boolean failure);

    /** What was asked for by {@link #tryBegin}; it belongs to the observer again. */
    void onEnded(FlowEnd end);
}
