/**
 * Measurements and the demo: programs that drive the real processes from the outside and print what they saw.
 */
package io.penstock.perf;
