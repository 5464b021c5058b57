package io.penstock.forwarder.control;

import io.penstock.forwarder.control.MemberState.Reason;
import io.penstock.forwarder.control.MemberState.Status;
import java.time.Instant;

/**
 * A member of a pool changed its status.
 *
 * @param evidence what was seen, with its numbers; one line
 */
record Transition(Instant when, String pool, String member, Status from, Status to, Reason reason, String evidence) {}
