/**
 * What may be asked and ordered of a running agent, and the values that answer: of no thread. May depend on config, policy, route and the
 * views of gobgp.
 */
package io.penstock.bgp.operate;
