/** What a configuration needs of its host, held against what the host has. Reads only; on the command's thread. */
package io.penstock.forwarder.tune;
