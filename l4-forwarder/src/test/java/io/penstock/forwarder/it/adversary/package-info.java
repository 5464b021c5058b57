/**
 * The adversary: two scripted TCP peers that do anything in any order, a forwarder process between them, and the rules
 * that tell whether each saw what it would have seen over a direct connection. After HAProxy's {@code dev/tcploop}.
 *
 * <p>{@link io.penstock.forwarder.it.adversary.Script} is one line for both peers,
 * {@link io.penstock.forwarder.it.adversary.ScriptGenerator} draws lines from a seed,
 * {@link io.penstock.forwarder.it.adversary.Arena} plays many at a time on one thread, and
 * {@link io.penstock.forwarder.it.adversary.Rules} judges. A seed reproduces the scripts and their order; how they meet
 * in time is the kernel's.
 *
 * <p>What a direct connection does is not always one thing: a reset drops what is on its way, and close(2) with unread
 * data is a reset. So each side's own kernel is asked at the moment it leaves: what had been acknowledged, whether
 * anything lay unread. From that follows what the other side must see, and every rule holds over a direct connection as
 * well; each script that cannot stall is played over one too, to hold the rules themselves.
 *
 * <ol>
 *   <li>Content: what arrives is what was sent, from the first byte on, in order, once, and never before it was sent. An
 *       urgent byte is no part of the stream; where the kernel lets a second one overtake the first, that may arrive as an
 *       ordinary byte at its place.
 *   <li>End of stream: seen only after the sender's shutdown(2) or its close(2) with nothing unread, and then after
 *       every byte its kernel took. A reset, a timeout or a refusal never becomes an end of stream.
 *   <li>Half-close: the end of one direction is seen while the other goes on, which follows from rule 2 and rule 6.
 *   <li>Reset: seen only when the other side asked for one, closed with data unread or still on its way to it, never
 *       accepted, or when a timeout may have struck. A peer that reset and had not ended its stream is always seen to have
 *       reset, since rule 2 excludes the only other end.
 *   <li>Before a reset: a side that reads to the end receives at least what the sender's next kernel had acknowledged
 *       when the sender left. The exception is a client that resets before its backend is connected, from which the backend
 *       then receives nothing: the connection is called off.
 *   <li>Termination: each script ends by itself. Those that {@link io.penstock.forwarder.it.adversary.StallForecast}
 *       says may wait for ever meet a service with short timeouts, and are reset by them; no other is ever timed out.
 *   <li>Equality: where nobody reset and nothing was left unread only one outcome is right, and both ways have it.
 *   <li>One connection: a backend is connected once for each client.
 *   <li>Nothing stays: after all scripts the forwarder has the descriptors it began with and a bounded pool of pipes, its
 *       live heap is as it was half-way, the kernel holds no socket of it but listeners, and its counters agree with what the
 *       peers did.
 * </ol>
 */
package io.penstock.forwarder.it.adversary;
