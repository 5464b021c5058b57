/**
 * The demo: embedded backends, the real forwarder as a process of its own, a fleet of real clients, one backend killed
 * under load, and a verdict. {@code Demo} tells the story; it depends on the forwarder only as a command line user does.
 */
package io.penstock.perf.demo;
