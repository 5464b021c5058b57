package io.penstock.perf.xdp;

/**
 * What requests took in one turn of one contestant.
 *
 * @param micros CPU time of the machine per request
 * @param perSecond requests
 * @param failures requests and connections that failed
 */
record Cost(double micros, double perSecond, long failures) {}
