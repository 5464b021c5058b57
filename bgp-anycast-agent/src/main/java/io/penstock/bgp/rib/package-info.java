/**
 * What is in a daemon's table held against what is wanted there, and the changes that lead from one to the other; pure, of no thread. May
 * depend on {@code io.penstock.bgp.route}.
 */
package io.penstock.bgp.rib;
