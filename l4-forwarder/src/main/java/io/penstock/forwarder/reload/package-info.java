/**
 * How a running forwarder comes by another configuration: the file read again, and above it what the operator wants
 * otherwise. {@link io.penstock.forwarder.reload.LiveConfig} makes one change at a time, on the thread of whoever asks for
 * it, which is neither a worker's nor control's: reading takes as long as the files are large.
 */
package io.penstock.forwarder.reload;
