package io.penstock.forwarder.reload;

/** A backend of a pool. */
record BackendName(String pool, String id) implements Comparable<BackendName> {
    @Override
    public int compareTo(BackendName other) {
        int pools = pool.compareTo(other.pool);
        return pools != 0 ? pools : id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return pool + "/" + id;
    }
}
