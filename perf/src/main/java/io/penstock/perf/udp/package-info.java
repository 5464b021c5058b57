/**
 * UDP beside its peers, {@code perf/compare udp}: {@code CompareUdp} starts the contestants and measures them, {@code
 * RigMain} is the load. The rig is clients ({@code ClientSocket}, {@code ClosedLoop}) and their backend ({@code
 * EchoSocket}) on one thread, so that both fit on one core and wake nobody but the proxy between them; {@code Datagram} is
 * what they exchange. Nothing of the rig allocates per datagram.
 */
package io.penstock.perf.udp;
