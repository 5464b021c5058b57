/** Manual pages, made from picocli's model of the commands. Used when the distribution is built, and by nobody who runs it. */
package io.penstock.forwarder.manual;
