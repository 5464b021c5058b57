package io.penstock.forwarder.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.events.EventLog;
import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.BpfObject;
import io.penstock.forwarder.bpf.BpfPins;
import io.penstock.forwarder.bpf.TestRun;
import io.penstock.net.IpAddress;
import io.penstock.testing.NetworkNamespace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A forwarder with one interface in a network namespace, and at the other end of the cable two backends, each with an Ethernet address
 * of its own, in another one. Packets are handed to the program by BPF_PROG_TEST_RUN, by an object that shares the plane's maps.
 */
final class DirectLab implements AutoCloseable {
    static final String INTERFACE = "f0";
    static final String MAC1 = "02:00:00:00:01:01";
    static final String MAC2 = "02:00:00:00:01:02";
    /** Out where it came in, and out of another interface: a test run came in nowhere. */
    private static final List<Integer> SENT = List.of(3, 4);

    private static final AtomicInteger LABS = new AtomicInteger();
    private static final int COMMAND_LIMIT_S = 10;
    private static final int SYN = 2;
    private static final int ACK = 16;

    final String name = "it-" + ProcessHandle.current().pid() + "-" + LABS.incrementAndGet();
    final EventLog events = new EventLog(Clock.systemUTC());
    final Path pins = LoadedPlane.PINS.resolve(name);
    private final NetworkNamespace forwarder;
    private final NetworkNamespace hosts;

    interface Test {
        void run(DirectLab lab) throws Exception;
    }

    DirectLab(NetworkNamespace forwarder, NetworkNamespace hosts) {
        this.forwarder = forwarder;
        this.hosts = hosts;
    }

    /** On a thread in the forwarder's namespace: threads that it starts are there too. */
    static void run(Test test) throws Exception {
        try (NetworkNamespace forwarder = NetworkNamespace.create();
                NetworkNamespace hosts = NetworkNamespace.create();
                DirectLab lab = new DirectLab(forwarder, hosts)) {
            lab.connect();
            forwarder.call(() -> {
                test.run(lab);
                return null;
            });
        }
    }

    /** Another plane at the same interface. */
    DirectLab another() {
        return new DirectLab(forwarder, hosts);
    }

    /** The cable and all behind it, new. */
    private void connect() throws Exception {
        String thread = hosts.call(() -> Files.readSymbolicLink(Path.of("/proc/thread-self"))
                .getFileName()
                .toString());
        forwarder.ip("link add f0 type veth peer name p0 netns " + thread);
        forwarder.ip("address add 10.9.0.1/24 dev f0");
        forwarder.ip("address add 2001:db8:9::1/64 dev f0 nodad");
        forwarder.ip("link set f0 up");
        wireHosts();
    }

    private void wireHosts() throws Exception {
        // Each answers for its own address alone.
        hosts.run("sysctl", "-q", "-w", "net.ipv4.conf.all.arp_ignore=1");
        hosts.ip("link set p0 up");
        backend("m1", MAC1, "11");
        backend("m2", MAC2, "12");
    }

    private void backend(String device, String mac, String number) throws Exception {
        hosts.ip("link add " + device + " link p0 address " + mac + " type macvlan mode bridge");
        hosts.ip("address add 10.9.0." + number + "/24 dev " + device);
        hosts.ip("address add 2001:db8:9::" + number + "/64 dev " + device + " nodad");
        hosts.ip("link set " + device + " up");
    }

    /** In the namespace of the thread that asks: ip(8). */
    static void ip(String words) throws Exception {
        String unused = run("ip " + words);
    }

    /** In the namespace of the thread that asks: what a command prints that succeeds. */
    static String run(String words) throws Exception {
        Process process = new ProcessBuilder(words.split(" ", -1))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(COMMAND_LIMIT_S, TimeUnit.SECONDS), words);
        assertEquals(0, process.exitValue(), () -> words + ": " + output);
        return output;
    }

    /** The cable is gone, and with it the interface. */
    static void disconnect() throws Exception {
        ip("link del f0");
    }

    /** There is an interface of that name again, and all behind it. */
    void reconnect() throws Exception {
        String thread = hosts.call(() -> Files.readSymbolicLink(Path.of("/proc/thread-self"))
                .getFileName()
                .toString());
        ip("link add f0 type veth peer name p0 netns " + thread);
        ip("address add 10.9.0.1/24 dev f0");
        ip("address add 2001:db8:9::1/64 dev f0 nodad");
        ip("link set f0 up");
        wireHosts();
    }

    /** The first backend has another network card, and says so. */
    void changeMac(String mac) throws Exception {
        hosts.ip("link set m1 address " + mac);
        hosts.ip("neigh flush dev m1");
        // Whoever asks is known from then on by the address that it asks from.
        hosts.run("ping", "-c", "1", "-W", "2", "-I", "m1", "10.9.0.1");
    }

    /** Nobody answers for the first backend. */
    void unplugFirst() throws Exception {
        hosts.ip("link del m1");
    }

    XdpSettings settings(long windowNs, String... interfaces) {
        return settings(windowNs, XdpSettings.Attach.AUTO, interfaces);
    }

    XdpSettings settings(long windowNs, XdpSettings.Attach attach, String... interfaces) {
        List<XdpSettings.Interface> all = Arrays.stream(interfaces)
                .map(each -> new XdpSettings.Interface(each, attach))
                .toList();
        return new XdpSettings(name, all, Optional.empty(), Optional.empty(), 0, windowNs, 1024, 0, 1_500_000_000L);
    }

    XdpPlane start(long windowNs) throws Exception {
        return XdpPlane.start(settings(windowNs, INTERFACE), events);
    }

    /** Hands packets to the program of this build, with the plane's maps. */
    BpfObject program() throws Exception {
        BpfObject object = BpfObject.open("penstock.bpf.o");
        object.entries("flows", 1024);
        object.pin(pins);
        object.load();
        return object;
    }

    static TestRun syn(BpfObject object, IpAddress client, int port) throws Exception {
        return object.program("penstock").run(packet(client, port, SYN), 1);
    }

    static TestRun ack(BpfObject object, IpAddress client, int port) throws Exception {
        return object.program("penstock").run(packet(client, port, ACK), 1);
    }

    /** Where a forwarded frame goes to; the verdict when it is not forwarded. */
    static String target(TestRun run) {
        return SENT.contains(run.verdict())
                ? Mac.get(new UnsafeBuffer(run.packet()), 0).toString()
                : "verdict " + run.verdict();
    }

    /** Ethernet, IPv4 and TCP without options, to the VIP of {@link PacketTables}; its checksums do not count here. */
    private static byte[] packet(IpAddress client, int port, int tcpFlags) {
        ByteBuffer octets = ByteBuffer.allocate(64);
        octets.put(new byte[] {2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 8}).putShort((short) 0x0800);
        octets.put((byte) 0x45)
                .put((byte) 0)
                .putShort((short) 40)
                .putShort((short) 1)
                .putShort((short) 0x4000);
        octets.put((byte) 64).put((byte) 6).putShort((short) 0);
        octets.putInt(client.ipv4()).putInt(PacketTables.VIP.ipv4());
        octets.putShort((short) port)
                .putShort((short) PacketTables.PORT)
                .putInt(1)
                .putInt(0);
        octets.put((byte) 0x50).put((byte) tcpFlags).putShort((short) 1000).putInt(0);
        return octets.array();
    }

    /** Until the plane has brought that table into the maps. */
    static void awaitVersion(XdpPlane plane, long version) throws Exception {
        NetworkNamespace.await(
                "version " + version + ", but " + plane.status(),
                () -> plane.status().version() >= version);
    }

    @Override
    public void close() throws BpfException, IOException {
        BpfPins.remove(pins);
        for (String suffix : List.of(".json", ".lock")) {
            Files.deleteIfExists(Names.DIRECTORY.resolve("xdp-" + name + suffix));
        }
    }
}
