/**
 * What a running agent shows and takes orders by, for those who ask it: values and an interface, of no thread. May depend on
 * the views of the roles.
 */
package io.penstock.ecmp.operate;
