/**
 * The seam to the kernel. {@link io.penstock.linux.Syscalls} is the only way any process of the house talks to Linux;
 * {@link io.penstock.linux.LinuxSyscalls} binds it to libc with jnr-ffi, tests bind it to a script. Constants stand in
 * one class per kernel header; C structs are flyweights over off-heap Agrona buffers with the C layout in the comment.
 *
 * <p>Every call returns a result {@code >= 0} or {@code -errno}; nothing here throws for what the kernel may answer.
 * {@code LinuxSyscalls} may be called from any thread; the struct classes, {@link io.penstock.linux.Sockets}, {@link
 * io.penstock.linux.DatagramSockets} and {@link io.penstock.linux.Epoll} belong to one thread. May depend on {@code io.penstock.net} only.
 */
package io.penstock.linux;
