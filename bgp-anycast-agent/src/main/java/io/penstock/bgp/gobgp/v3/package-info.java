/**
 * GoBGP's gRPC API of version 3 (gobgpd 3.x): {@link io.penstock.bgp.gobgp.v3.GobgpV3} calls it, over TCP, TLS or a UNIX socket, and tells
 * of its events, both on one event loop thread, {@code bgp-gobgp}. Its messages, generated from {@code gobgp.proto}, stay in here. May
 * depend on {@code io.penstock.bgp.gobgp} and what that may depend on.
 */
package io.penstock.bgp.gobgp.v3;
