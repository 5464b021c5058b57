package io.penstock.forwarder;

import static io.penstock.linux.SocketConstants.IPPROTO_TCP;
import static io.penstock.linux.SocketConstants.IPPROTO_UDP;

import io.penstock.forwarder.balance.Selection;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.Service;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Asks a table which backends flows get, the way a worker does. Of each flow it is the first connection. */
final class Picks {
    private static final int PORTS = 65_536;

    private final ForwardingTable table;
    private final Service service;
    private final Selection selection = new Selection(0);

    /** @param table of the one service that is asked for */
    Picks(ForwardingTable table) {
        this.table = table;
        service = table.service(0);
    }

    /**
     * Where many flows go.
     *
     * @param shares how many by pool and backend, {@code pool/backend}
     * @param unplaced how many found no backend
     * @param digest SHA-256 over pool and backend of each flow in turn, in hexadecimal digits
     */
    record Summary(Map<String, Integer> shares, int unplaced, String digest) {}

    Flow flow(Endpoint client, Endpoint listen) {
        return new Flow(client, listen, service.udp() == null ? IPPROTO_TCP : IPPROTO_UDP);
    }

    BackendPool pool(Flow flow) {
        return service.poolFor(
                flow.client().address().high(), flow.client().address().low());
    }

    int zone(Flow flow) {
        return table.clientZone(
                flow.client().address().high(), flow.client().address().low());
    }

    /** The backend of each attempt, as long as those before fail; fewer than the service allows when there are no more. */
    List<Backend> attempts(Flow flow) {
        List<Backend> tried = new ArrayList<>();
        selection.begin(0);
        Backend next = select(flow);
        while (next != null) {
            tried.add(next);
            selection.tryExclude(next.load());
            next = tried.size() < service.connectAttempts() ? select(flow) : null;
        }
        return tried;
    }

    private Backend select(Flow flow) {
        BackendPool pool = pool(flow);
        return pool.select(flow.hash(pool), zone(flow), selection);
    }

    /**
     * Random flows, half of IPv4 and half of IPv6; the same for the same seed.
     *
     * @param listen where they all go
     */
    Summary summary(int flows, long seed, Endpoint listen) {
        Selection random = new Selection(seed);
        MessageDigest digest = sha256();
        Map<String, Integer> shares = new TreeMap<>();
        int unplaced = 0;
        for (int i = 0; i < flows; i++) {
            Flow flow = flow(new Endpoint(address(random, i % 2 == 0), port(random)), listen);
            selection.begin(0);
            Backend backend = select(flow);
            String name = pool(flow).name() + "/" + (backend == null ? "" : backend.id());
            digest.update((name + "\n").getBytes(StandardCharsets.UTF_8));
            if (backend == null) {
                unplaced++;
            } else {
                shares.merge(name, 1, Integer::sum);
            }
        }
        return new Summary(shares, unplaced, HexFormat.of().formatHex(digest.digest()));
    }

    private static IpAddress address(Selection random, boolean ipv4) {
        return ipv4
                ? IpAddress.ofIpv4((int) random.nextRandom())
                : new IpAddress(random.nextRandom(), random.nextRandom());
    }

    private static int port(Selection random) {
        return (int) (random.nextRandom() >>> 32) & (PORTS - 1);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJvmHasIt) {
            throw new IllegalStateException(everyJvmHasIt);
        }
    }
}
