/**
 * What every process of the house does to be a good Linux process: signals, words with the service manager, and an end when
 * a thread dies of a bug or hangs.
 */
package io.penstock.process;
