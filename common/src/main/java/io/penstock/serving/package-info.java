/**
 * Whether VIPs are served, as agents learn it: by asking forwarders' admin APIs again and again ({@link
 * io.penstock.serving.ForwarderWatches}), or by checks of their own ({@link io.penstock.serving.CheckWatch}). Watches run on
 * threads of their own and tell their verdicts to whoever started them. May depend on {@code io.penstock.admin}, {@code health} and
 * {@code process}.
 */
package io.penstock.serving;
