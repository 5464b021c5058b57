package io.penstock.perf.policies.loopback;

import io.penstock.net.IpAddress;
import io.penstock.perf.policies.scenario.Request;
import io.penstock.perf.policies.scenario.Requests;
import io.penstock.perf.policies.scenario.Scenario;
import io.penstock.perf.policies.scenario.Tally;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/**
 * The scenario's requests, at their times whatever became of those before, each on a connection of its own from its
 * client's address. Times are taken from when a request was meant to be sent.
 */
final class LoadedClients {
    /** For the answers to the last requests. */
    private static final long DRAIN_NS = 5_000_000_000L;

    private final Reactor reactor;
    private final InetSocketAddress target;
    private final Requests requests = new Requests();
    private final Set<Exchange> open = new HashSet<>();
    private final Tally tally = new Tally();
    private long beginNs;
    private long warmUpNs;
    private long endNs;
    private String firstFailure;

    LoadedClients(Reactor reactor, InetSocketAddress target) {
        this.reactor = reactor;
        this.target = target;
    }

    /** Until the last request is answered, or has waited for too long. */
    Tally run(long fromNs, long warmUp, long measured) throws IOException {
        beginNs = fromNs;
        warmUpNs = warmUp;
        endNs = warmUp + measured;
        awaitNextRequest();
        reactor.runUntil(() -> false, beginNs + endNs);
        reactor.runUntil(open::isEmpty, beginNs + endNs + DRAIN_NS);
        for (Exchange unanswered : open) {
            unanswered.close();
            onFailure(true, "no answer");
        }
        open.clear();
        if (firstFailure != null) {
            System.err.println("policies: first failure: " + firstFailure);
        }
        return tally;
    }

    private void awaitNextRequest() {
        Request request = requests.next();
        if (request.atNs() < endNs) {
            reactor.at(beginNs + request.atNs(), () -> send(request));
        }
    }

    private void send(Request request) {
        awaitNextRequest();
        boolean measured = request.atNs() >= warmUpNs;
        if (measured) {
            tally.onSent(reactor.nowNs() - beginNs - request.atNs());
        }
        InetSocketAddress from = new InetSocketAddress(inetAddress(Scenario.address(request.client())), 0);
        open.add(Exchange.begin(reactor, from, target, request.workNs(), new Exchange.Listener() {
            @Override
            public void onAnswer(Exchange exchange, int backend) {
                exchange.close();
                open.remove(exchange);
                if (measured) {
                    tally.onAnswer(backend, reactor.nowNs() - beginNs - request.atNs());
                }
            }

            @Override
            public void onFailure(Exchange exchange, String reason) {
                open.remove(exchange);
                LoadedClients.this.onFailure(measured, reason);
            }
        }));
    }

    private void onFailure(boolean measured, String reason) {
        if (measured) {
            tally.onFailure();
            firstFailure = firstFailure == null ? reason : firstFailure;
        }
    }

    static InetAddress inetAddress(IpAddress address) {
        byte[] octets =
                ByteBuffer.allocate(Integer.BYTES).putInt(address.ipv4()).array();
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four octets are an address", e);
        }
    }
}
