/** The command {@code perf/policies}: runs all policies, judges them, writes the page that compares them. */
package io.penstock.perf.policies;
