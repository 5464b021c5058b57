/** What checking a thousand backends costs. */
package io.penstock.perf.health;
