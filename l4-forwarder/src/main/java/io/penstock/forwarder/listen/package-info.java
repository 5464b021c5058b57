/**
 * The sockets that clients connect to, over all workers: opened here, inherited from whoever started the process, or taken
 * over from a forwarder that runs; and offered to the next one. On the control thread and on {@code fwd-take-over}; workers
 * get descriptors by number and close them.
 */
package io.penstock.forwarder.listen;
