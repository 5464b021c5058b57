package io.penstock.forwarder.table;

/**
 * How fast connections may come.
 *
 * @param bucket the same in every table
 */
public record RateLimit(TokenBucket bucket, TokenRate rate) {
    boolean tryTake(long nowNs) {
        return bucket.tryTake(rate, nowNs);
    }

    void putBack() {
        bucket.putBack(rate);
    }

    long waitNs(long nowNs) {
        return bucket.waitNs(rate, nowNs);
    }
}
