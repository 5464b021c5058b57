package io.penstock.forwarder.operate;

import io.penstock.metrics.BucketCounts;

/**
 * How connections to a backend fared on the network, as sampled since it is known.
 *
 * @param rtt round-trip times, in seconds
 * @param deliveryRate in bytes a second
 * @param retransmitted which part of a connection's segments was sent again
 */
public record NetworkSamples(BucketCounts rtt, BucketCounts deliveryRate, BucketCounts retransmitted) {}
