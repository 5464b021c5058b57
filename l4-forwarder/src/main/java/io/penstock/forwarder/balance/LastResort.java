package io.penstock.forwarder.balance;

/** Who is left when a policy's own way has met only backends that are excluded or full. */
final class LastResort {
    private LastResort() {}

    /**
     * The first backend in the list, from one of them on, that is not excluded and has room; or else the first that is not
     * excluded. Looks at all of them when none has room: to say so while one has would turn a client away.
     *
     * @return an index, or {@link Policy#NONE} when all are excluded
     */
    static int pick(BackendLoad[] loads, int from, Selection selection) {
        int full = Policy.NONE;
        int backend = from;
        for (int looks = loads.length; looks > 0; looks--) {
            if (!selection.isExcluded(loads[backend])) {
                if (!loads[backend].isFull()) {
                    return backend;
                }
                full = full == Policy.NONE ? backend : full;
            }
            backend = backend + 1 == loads.length ? 0 : backend + 1;
        }
        return full;
    }
}
