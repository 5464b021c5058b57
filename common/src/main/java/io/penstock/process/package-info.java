/** What every process of the house does to be a good Linux process: signals, and an end when a thread dies of a bug. */
package io.penstock.process;
