/**
 * Tests of the forwarder as an operator runs it: its own process, started through its launcher, met over real sockets.
 */
package io.penstock.forwarder.it;
