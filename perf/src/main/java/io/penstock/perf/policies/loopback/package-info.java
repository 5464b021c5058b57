/**
 * The scenario in real time: a proxy as an operator runs it, with clients and backends on one thread of this process,
 * on loopback.
 */
package io.penstock.perf.policies.loopback;
