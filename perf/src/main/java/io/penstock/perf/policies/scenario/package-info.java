/** What is asked of every policy: the load, the backends, and what is noted of a run. The same simulated and real. */
package io.penstock.perf.policies.scenario;
