/**
 * VRRP itself (RFC 9568, RFC 3768): advertisements as octets, the state machine of a virtual router, groups that move together. Pure:
 * values and an instant in, actions out.
 */
package io.penstock.vrrp.protocol;
