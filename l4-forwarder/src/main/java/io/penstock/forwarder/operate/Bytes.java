package io.penstock.forwarder.operate;

/**
 * Payload in one direction, by its path.
 *
 * @param copied through this process's memory
 * @param spliced through a pipe of the kernel's
 */
public record Bytes(long copied, long spliced) {
    public static final Bytes NONE = new Bytes(0, 0);

    public long all() {
        return copied + spliced;
    }

    public Bytes plus(Bytes other) {
        return new Bytes(copied + other.copied, spliced + other.spliced);
    }
}
