/** What priorities depend on: who watches it, on threads of its own, and what follows from it, which is pure. */
package io.penstock.vrrp.track;
