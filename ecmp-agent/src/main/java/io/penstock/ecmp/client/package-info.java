/**
 * What a person types beside {@code run}: commands that read a configuration, look at the kernel, or ask a running agent. Of the
 * main thread.
 */
package io.penstock.ecmp.client;
