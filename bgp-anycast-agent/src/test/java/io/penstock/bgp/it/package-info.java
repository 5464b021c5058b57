/** Real daemons of tests: gobgpd, and BIRD and FRR as its neighbours, on hosts that are network namespaces. */
package io.penstock.bgp.it;
