/** The router role: which routes and nexthop objects there should be, and the changes that lead there; pure. */
package io.penstock.ecmp.router;
