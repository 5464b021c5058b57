/**
 * The XDP program, packet by packet, in the kernel (BPF_PROG_TEST_RUN): fixtures as rows, and packets, maps, checksums and
 * hashes of the tests' own, so that nothing here is right only because the code that it tests is wrong in the same way.
 */
package io.penstock.forwarder.xdp.program;
