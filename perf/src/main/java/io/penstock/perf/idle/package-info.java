/** What a connection costs that nobody uses. */
package io.penstock.perf.idle;
