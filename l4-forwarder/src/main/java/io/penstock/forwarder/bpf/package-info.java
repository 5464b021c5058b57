/**
 * BPF objects of the kernel: programs, maps, links and filters, over libbpf.so.1 (version 1.0 or newer) bound with
 * jnr-ffi. Nothing here knows what the programs do. libbpf is loaded with the first object or pin that is opened, so a
 * process that needs none does not need libbpf either. Structs are laid out by hand in Agrona buffers, with the C in the
 * comment. What the kernel or libbpf refuses is a {@link io.penstock.forwarder.bpf.BpfException} that says what an operator
 * can do about it. Everything may be used by any thread, but no object by two at once. May depend on
 * {@code io.penstock.linux} only.
 */
package io.penstock.forwarder.bpf;
