/** What the tests of several modules share: configuration files, schemas and the readers that they are held against. */
package io.penstock.testing;
