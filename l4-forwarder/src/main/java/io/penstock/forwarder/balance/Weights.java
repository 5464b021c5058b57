package io.penstock.forwarder.balance;

/** Arithmetic on the weights of a group. */
final class Weights {
    private Weights() {}

    static long sum(int[] weights) {
        long sum = 0;
        for (int weight : weights) {
            sum += weight;
        }
        return sum;
    }

    /** The weights in their lowest terms. */
    static int[] reduced(int[] weights) {
        int divisor = 0;
        for (int weight : weights) {
            divisor = greatestCommonDivisor(weight, divisor);
        }
        int[] reduced = weights.clone();
        for (int i = 0; i < reduced.length && divisor > 1; i++) {
            reduced[i] /= divisor;
        }
        return reduced;
    }

    static int least(int[] weights) {
        int least = Integer.MAX_VALUE;
        for (int weight : weights) {
            least = Math.min(least, weight);
        }
        return least;
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
}
