/**
 * The data threads. {@link io.penstock.forwarder.worker.Worker} is one thread's whole life;
 * {@link io.penstock.forwarder.worker.WorkerProxy} is all that any other thread may hold of it. A hot package.
 */
package io.penstock.forwarder.worker;
