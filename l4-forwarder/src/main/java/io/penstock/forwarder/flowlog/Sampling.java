package io.penstock.forwarder.flowlog;

import io.penstock.forwarder.config.FlowLogConfig;

/**
 * Which flows are written, decided when they have ended. Immutable; read by every worker.
 *
 * @param share in hundredths of a percent
 */
record Sampling(int share, boolean everyFailure) {
    static final Sampling NONE = new Sampling(0, false);

    /** Of these bits of a hash a fraction is taken without a division. */
    private static final int HASH_BITS = 24;

    static Sampling of(FlowLogConfig config) {
        return new Sampling(config.share(), config.everyFailure());
    }

    /** @param token of which each flow of a worker has its own */
    boolean takes(long token, boolean failure) {
        if (share == FlowLogConfig.ALL || (failure && everyFailure)) {
            return true;
        }
        return share > 0 && (((mix(token) >>> (Long.SIZE - HASH_BITS)) * FlowLogConfig.ALL) >>> HASH_BITS) < share;
    }

    /** Tokens count up; of their mix every bit is as likely as not: the finalizer of SplitMix64 (Steele et al., OOPSLA 2014). */
    private static long mix(long token) {
        long mixed = (token ^ (token >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
