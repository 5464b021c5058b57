/**
 * Addresses and the keyed flow hash. Values only: any thread may hold them, nothing here opens a socket.
 */
package io.penstock.net;
