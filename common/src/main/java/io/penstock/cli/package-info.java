/**
 * What the commands of every program have in common: options that say which process is asked and how its answer is shown,
 * the question itself, tables, problems of a configuration, shell completion, manual pages. A program's commands are its
 * own; its {@link io.penstock.cli.ProgramNames} fill in the words that differ.
 */
package io.penstock.cli;
