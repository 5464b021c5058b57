/** What a running agent shows and takes orders by, for those who ask it: values and an interface, of no thread. */
package io.penstock.vrrp.operate;
