/** Reads the key {@code admin}, which every process's file has, and the files that it names. */
package io.penstock.admin.config;
