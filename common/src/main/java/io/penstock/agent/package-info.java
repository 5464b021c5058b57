/**
 * What agents of one thread share: orders that other threads give it, the configuration that runs and how another takes its place, and
 * what a service manager is told. It knows nothing of what an agent is for.
 */
package io.penstock.agent;
