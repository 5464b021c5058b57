package io.penstock.perf.load;

import java.util.Arrays;
import java.util.Random;

/** How many bytes the nth request of a connection asks for: a fixed cycle, so every run asks for the same. */
public final class ResponseSizes {
    /** Small messages, both ways. */
    public static final ResponseSizes SMALL = new ResponseSizes(new int[] {Wire.REQUEST_BYTES});

    /** 70 % of 256 B, 20 % of 4 KiB, 9 % of 32 KiB and 1 % of 256 KiB: much is small, most bytes are in what is not. */
    static final ResponseSizes MIXED = new ResponseSizes(mixed());

    private static final int SEED = 20_240;

    private final int[] cycle;

    private ResponseSizes(int[] cycle) {
        this.cycle = cycle;
    }

    /**
     * The bytes of one response.
     *
     * @param position in the cycle, any int; connections start at different ones, so that they do not march in step
     */
    int at(int position) {
        return cycle.length == 1 ? cycle[0] : cycle[Integer.remainderUnsigned(position, cycle.length)];
    }

    private static int[] mixed() {
        int[] sizes = new int[1_000];
        Arrays.fill(sizes, 0, 700, 256);
        Arrays.fill(sizes, 700, 900, 4 * 1024);
        Arrays.fill(sizes, 900, 990, 32 * 1024);
        Arrays.fill(sizes, 990, 1_000, Wire.RESPONSE_BYTES_MAX);
        Random random = new Random(SEED);
        for (int i = sizes.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int size = sizes[i];
            sizes[i] = sizes[j];
            sizes[j] = size;
        }
        return sizes;
    }
}
