/** How long clients wait for a forwarder that is being started. */
package io.penstock.perf.start;
