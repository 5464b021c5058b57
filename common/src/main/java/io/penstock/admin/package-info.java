/**
 * The small HTTP/1.1 server of a process, for its operator, its metrics and its health, and the client for it. From the
 * top: {@link io.penstock.admin.AdminServer} listens, on loopback or a UNIX socket, and owns one event loop of Netty's
 * epoll transport and a few threads on which handlers may block; {@link io.penstock.admin.Router} finds the handler of a
 * request. Everything a peer can make it hold is bounded: connections, the line, headers, body, nesting of JSON, and time.
 * May depend on {@code io.penstock.net}, {@code io.penstock.linux} and {@code io.penstock.metrics}.
 */
package io.penstock.admin;
