package io.penstock.forwarder.xdp.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.balance.HashInput;
import io.penstock.forwarder.bpf.BpfObject;
import io.penstock.forwarder.bpf.BpfProgram;
import io.penstock.forwarder.bpf.BpfRig;
import io.penstock.net.FlowHash;
import io.penstock.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That the program and Java hash alike: forwarders of both kinds, and tables made by Java, must find the same backend. */
class FlowHashAgreementIT {
    private static final int FLOWS = 100_000;
    private static final int FLOWS_THROUGH_RINGS = 2_000;
    private static final int QUESTION_OCTETS = 64;
    private static final int REALS = 4096;
    private static final int PASS = 2;

    private final Random random = new Random(11);

    /** A flow of either family, and so many bits of its source. */
    private record Sample(IpAddress source, int sourcePort, IpAddress destination, int port, int protocol, int bits) {
        boolean isIpv4() {
            return source.isIpv4();
        }

        byte[] question() {
            byte[] question = new byte[QUESTION_OCTETS];
            new Layout(QUESTION_OCTETS)
                    .address(source)
                    .address(destination)
                    .be16(sourcePort)
                    .be16(port)
                    .u32(protocol)
                    .u32(isIpv4() ? 96 + bits : bits)
                    .buffer()
                    .getBytes(0, question);
            return question;
        }

        long byFlow(FlowHash hash) {
            return hash.ofFlow(
                    source.high(), source.low(), sourcePort, destination.high(), destination.low(), port, protocol);
        }

        long bySource(FlowHash hash) {
            HashInput input = new HashInput(true, isIpv4() ? bits : 0, isIpv4() ? 0 : bits);
            return hash.ofSource(
                    input.maskedHigh(source.high(), source.low()), input.maskedLow(source.high(), source.low()));
        }
    }

    @BeforeEach
    void need() {
        BpfRig.assumeLoadable();
    }

    private Sample sample() {
        boolean ipv4 = random.nextBoolean();
        return new Sample(
                address(ipv4),
                random.nextInt(65536),
                address(ipv4),
                random.nextInt(65536),
                random.nextBoolean() ? Packet.TCP : Packet.UDP,
                random.nextInt(ipv4 ? 33 : 129));
    }

    /** Now and then one whose first half is zero, as that of IPv4 is. */
    private IpAddress address(boolean ipv4) {
        if (ipv4) {
            return IpAddress.ofIpv4(random.nextInt());
        }
        return new IpAddress(random.nextInt(100) == 0 ? 0 : random.nextLong(), random.nextLong());
    }

    @Test
    void shouldHashFlowsAndSourcesAndPlacesOfVipsAlike() throws Exception {
        FlowHash hash = new FlowHash(Plane.KEY0, Plane.KEY1);
        try (BpfObject object = BpfObject.open("hashes.bpf.o")) {
            object.entries("flows", 1);
            object.load();
            object.map("config").update(Plane.key(0), Plane.keys());
            BpfProgram program = object.program("hashes");
            for (int i = 0; i < FLOWS; i++) {
                Sample sample = sample();
                var run = program.run(sample.question(), 1);
                ByteBuffer answer = ByteBuffer.wrap(run.packet()).order(ByteOrder.nativeOrder());
                assertEquals(PASS, run.verdict());
                assertEquals(sample.byFlow(hash), answer.getLong(48), sample::toString);
                assertEquals(sample.bySource(hash), answer.getLong(56), sample::toString);
                assertEquals(
                        VipSlots.firstSlot(sample.destination(), sample.port(), sample.protocol()),
                        answer.getInt(44),
                        sample::toString);
            }
        }
    }

    /** All the way: the ring's slot is the hash's upper half, scaled. */
    @Test
    void shouldFindTheSlotsThatJavaFills() throws Exception {
        FlowHash hash = new FlowHash(Plane.KEY0, Plane.KEY1);
        int[] slots = new int[Plane.RING_SLOTS];
        Arrays.setAll(slots, i -> i % REALS);
        try (Plane plane = new Plane()) {
            World.fill(plane);
            plane.ring(World.RING, slots);
            for (int id = 0; id < REALS; id++) {
                plane.real(id, Real.l2(World.REAL4));
            }
            for (int i = 0; i < FLOWS_THROUGH_RINGS; i++) {
                boolean bySource = random.nextBoolean();
                Service service = Service.of(World.RING).remembering();
                plane.service(World.SERVICE, bySource ? service.bySource(24, 56) : service);
                Sample sample = toVip();
                plane.run(Packet.tcp(
                                sample.source().toString(),
                                sample.sourcePort(),
                                sample.destination().toString(),
                                sample.port(),
                                Packet.ACK)
                        .octets());
                long expected = bySource ? sample.bySource(hash) : sample.byFlow(hash);
                int slot = Plane.slot(expected);
                Plane.Flow flow = new Plane.Flow(
                        sample.source().toString(),
                        sample.sourcePort(),
                        sample.destination().toString(),
                        sample.port(),
                        Packet.TCP);
                assertEquals(slots[slot], plane.remembered(flow), sample::toString);
            }
        }
    }

    private Sample toVip() {
        boolean ipv4 = random.nextBoolean();
        IpAddress vip = IpAddress.parse(ipv4 ? World.VIP4 : World.VIP6).orElseThrow();
        return new Sample(address(ipv4), random.nextInt(65536), vip, World.PORT, Packet.TCP, ipv4 ? 24 : 56);
    }
}
