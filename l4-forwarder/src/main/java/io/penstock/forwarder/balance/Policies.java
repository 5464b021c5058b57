package io.penstock.forwarder.balance;

import java.util.function.ToLongFunction;

/** Makes policies. */
public final class Policies {
    private Policies() {}

    /**
     * The policy over these backends; may take milliseconds.
     *
     * @param ids all different
     * @param weights 1 and up, one per id
     * @param loads one per id
     * @param hash keyed, for the tables of policies that hash
     */
    public static Policy create(
            PolicySpec spec, String[] ids, int[] weights, BackendLoad[] loads, ToLongFunction<byte[]> hash) {
        return new MaglevPolicy(MaglevBuilder.build(spec.tableSize(), ids, weights, hash), loads);
    }
}
