/**
 * One worker's UDP: listeners, sessions, and the batches that their datagrams travel in. {@link
 * io.penstock.forwarder.udp.UdpForwarder} is the way in; everything belongs to its worker's thread. A hot package: no
 * configuration, no logging, no allocation per datagram; what happens is counted in {@link
 * io.penstock.forwarder.udp.UdpCounter}.
 */
package io.penstock.forwarder.udp;
