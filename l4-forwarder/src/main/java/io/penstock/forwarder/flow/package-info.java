/**
 * What the protocols of a worker have in common where others look at them or hand them sockets: lists of what is open,
 * counts of services, changes of listeners. A hot package: no configuration, no logging.
 */
package io.penstock.forwarder.flow;
