/** The balancers of {@code perf/change} as processes: how each is started, told of a changed file, and replaced. */
package io.penstock.perf.change.balancers;
