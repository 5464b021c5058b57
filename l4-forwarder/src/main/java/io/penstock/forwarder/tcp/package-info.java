/**
 * One worker's TCP: listeners, connections, and the relays that move their bytes. {@link
 * io.penstock.forwarder.tcp.TcpForwarder} is the way in; everything belongs to its worker's thread. A hot package: no
 * configuration, no logging, no allocation per event; what happens is counted in {@link
 * io.penstock.forwarder.tcp.TcpCounter}.
 */
package io.penstock.forwarder.tcp;
