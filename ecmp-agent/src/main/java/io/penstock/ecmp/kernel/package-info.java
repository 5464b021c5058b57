/**
 * The kernel as the agent sees it and what it may change there: {@link io.penstock.ecmp.kernel.KernelState} comes in,
 * {@link io.penstock.ecmp.kernel.KernelChange}s go out, through the {@link io.penstock.ecmp.kernel.Kernel} edge.
 */
package io.penstock.ecmp.kernel;
