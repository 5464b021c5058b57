/**
 * The PROXY protocol, versions 1 and 2, as bytes (HAProxy, doc/proxy-protocol.txt): who a connection is really from, said
 * before its first byte. Pure and without allocation; the sockets are the callers'. Depends on addresses only.
 */
package io.penstock.proxyprotocol;
