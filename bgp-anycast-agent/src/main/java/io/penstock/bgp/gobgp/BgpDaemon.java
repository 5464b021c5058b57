package io.penstock.bgp.gobgp;

import io.penstock.bgp.config.GlobalConfig;
import io.penstock.bgp.config.PeerConfig;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.bgp.route.PathAttributes;
import io.penstock.bgp.route.RibPath;
import io.penstock.net.IpPrefix;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A BGP daemon, by its API; of which version is the implementation's affair. Every call returns at once, has a deadline, and ends with a
 * {@link DaemonException} when the daemon refuses, cannot be reached or does not answer in time. Answers come on a thread of the client's,
 * which must not be blocked. Calls on one prefix may overtake each other: who makes one waits for the one before. Safe from any thread.
 */
public interface BgpDaemon extends AutoCloseable {
    /** Who it is; of one that was not started yet the ASN is 0. */
    CompletableFuture<DaemonIdentity> identity();

    /** Starts one that has no configuration; the daemon would begin anew, with an empty table, if it had one: never asked of such a one. */
    CompletableFuture<Void> start(GlobalConfig global);

    /** A list of {@link #paths()} may take so many times the deadline of other calls: 200,000 paths take seconds. */
    int LIST_DEADLINES = 15;

    /**
     * All unicast paths of its global table, of both families, whoever put them there. Those that neighbours sent can be counted; their
     * prefixes and attributes say nothing.
     */
    CompletableFuture<List<RibPath>> paths();

    /** Those at these prefixes only, for which it does not go through its table. */
    CompletableFuture<List<RibPath>> paths(Collection<IpPrefix> prefixes);

    /** Puts a path in, in place of the one that the API's clients have there. */
    CompletableFuture<Void> announce(IpPrefix prefix, PathAttributes attributes);

    /** Takes the path out that an API's client put in; done, too, when there is none. */
    CompletableFuture<Void> withdraw(IpPrefix prefix);

    /** Its neighbours, whoever configured them. */
    CompletableFuture<List<PeerView>> peers();

    /**
     * What is sent to a neighbour now (Adj-RIB-Out), of these prefixes.
     *
     * @param peer as {@link PeerView#address} has it
     */
    CompletableFuture<Set<IpPrefix>> sentTo(String peer, Collection<IpPrefix> prefixes);

    /** Has it have a neighbour, which is the agent's with this mark from now on. */
    CompletableFuture<Void> addPeer(PeerConfig peer, LargeCommunity owner);

    /** Makes a neighbour that is there, by its address, like this: its session ends, unless it is like this already. */
    CompletableFuture<Void> updatePeer(PeerConfig peer, LargeCommunity owner);

    /** The keys of the configuration in which a neighbour that is there, by its address, is not like this; none when there is no such one. */
    CompletableFuture<List<String>> differences(PeerConfig peer, LargeCommunity owner);

    /**
     * Ends a neighbour's session and forgets it.
     *
     * @param peer as {@link PeerView#address} has it
     */
    CompletableFuture<Void> deletePeer(String peer);

    /**
     * Is told what happens from now on until it is closed or {@link DaemonListener#onLost} was called, whichever is first: then it is to be
     * begun anew. What had happened before is not told: list after {@link DaemonListener#onWatching}.
     */
    Watch watch(DaemonListener listener);

    /** Something that was begun by {@link #watch}. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** Calls under way end with a {@link DaemonException}. */
    @Override
    void close();
}
