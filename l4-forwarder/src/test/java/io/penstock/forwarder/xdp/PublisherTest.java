package io.penstock.forwarder.xdp;

import static io.penstock.forwarder.xdp.PacketTables.backend;
import static io.penstock.forwarder.xdp.PacketTables.is;
import static io.penstock.forwarder.xdp.PacketTables.service;
import static io.penstock.forwarder.xdp.PacketTables.table;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.events.EventLog;
import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.Encapsulation;
import io.penstock.forwarder.table.PacketBackend;
import io.penstock.forwarder.table.PacketBackend.State;
import io.penstock.forwarder.table.PacketService;
import io.penstock.forwarder.table.PacketTable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PublisherTest {
    private static final long WINDOW_NS = 30_000_000_000L;
    private static final long AFTER_WINDOW_NS = WINDOW_NS + 1;
    private static final long AFTER_ALL_NS = 10 * WINDOW_NS;

    private static final Real.Path PATH = new Real.Path(2, new Mac(1), new Mac(2), 1500);
    private static final Real.Path NO_ANSWER = new Real.Path(2, new Mac(1), Mac.ZERO, 1500);

    private final Backend one = backend("b1", "10.0.0.1");
    private final Backend two = backend("b2", "10.0.0.2");
    private final RecordedMaps maps = new RecordedMaps();
    private RealIds realIds = new RealIds();
    private Publisher publisher = new Publisher(maps, realIds, log());
    private Real.Path path = PATH;
    private int beats;

    @Test
    void shouldWriteWhatIsNamedBeforeWhatNamesIt() throws Exception {
        publish(0, web(true, is(State.UP, one), is(State.DRAINING, two)));

        assertEquals(
                List.of(
                        "key",
                        "volume 0",
                        "real 0 UP",
                        "volume 1",
                        "real 1 DRAINING",
                        "ring 0",
                        "service 0 ring 0 previous -1",
                        "vips"),
                maps.takeWrites());
        assertTrue(Arrays.stream(maps.rings.get(0)).allMatch(slot -> slot == 0));
    }

    @Test
    void shouldWriteNothingWhenNothingHasChanged() throws Exception {
        publish(0, web(true, is(State.UP, one)));
        maps.takeWrites();

        publish(1, web(true, is(State.UP, one)));
        publisher.follow((address, onLink) -> path);
        publisher.tick(2, WINDOW_NS);

        assertEquals(List.of(), maps.takeWrites());
    }

    @Test
    void shouldNotLookAtAPoolThatIsTheSame() throws Exception {
        PacketService web = web(true, is(State.UP, one), is(State.UP, two));
        publish(0, web);
        publish(1, web);
        maps.takeWrites();

        publish(2, web(true, is(State.UP, one)));

        assertEquals(List.of("ring 1", "service 0 ring 1 previous 0", "real 1 DRAINING"), maps.takeWrites());
    }

    @Test
    void shouldMakeAFreshRingAndOpenAWindowWhenThePoolChanges() throws Exception {
        publish(0, web(true, is(State.UP, one), is(State.UP, two)));
        int[] before = maps.rings.get(0);
        maps.takeWrites();

        publish(1, web(true, is(State.DOWN, one), is(State.UP, two)));

        assertEquals(List.of("real 0 DOWN", "ring 1", "service 0 ring 1 previous 0"), maps.takeWrites());
        assertArrayEquals(before, maps.rings.get(0));
        assertEquals(1 + WINDOW_NS, maps.services.get(0).windowEndNs());
    }

    @Test
    void shouldRemoveTheRingBeforeOnlyAfterWindowAndGrace() throws Exception {
        publish(0, web(true, is(State.UP, one), is(State.UP, two)));
        publish(0, web(true, is(State.UP, two), is(State.DOWN, one)));
        maps.takeWrites();

        publisher.tick(WINDOW_NS - 1, WINDOW_NS);
        assertEquals(List.of(), maps.takeWrites());
        publisher.tick(AFTER_WINDOW_NS, WINDOW_NS);
        assertEquals(List.of("service 0 ring 1 previous -1"), maps.takeWrites());
        publisher.tick(AFTER_WINDOW_NS + Publisher.GRACE_NS - 1, WINDOW_NS);
        assertEquals(List.of(), maps.takeWrites());
        publisher.tick(AFTER_WINDOW_NS + Publisher.GRACE_NS, WINDOW_NS);
        assertEquals(List.of("no ring 0"), maps.takeWrites());
    }

    @Test
    void shouldGoBackToARingThatIsStillThere() throws Exception {
        publish(0, web(true, is(State.UP, one), is(State.UP, two)));
        publish(1, web(true, is(State.DOWN, one), is(State.UP, two)));
        maps.takeWrites();

        publish(2, web(true, is(State.UP, one), is(State.UP, two)));

        assertEquals(List.of("real 0 UP", "service 0 ring 0 previous -1"), maps.takeWrites());
    }

    @Test
    void shouldKeepABackendThatLeftDrainingUntilTheWindowIsOver() throws Exception {
        publish(0, web(true, is(State.UP, one), is(State.UP, two)));
        publish(1, web(true, is(State.UP, two)));
        assertEquals(Real.State.DRAINING, maps.reals.get(0).state());

        publisher.tick(AFTER_WINDOW_NS, WINDOW_NS);
        assertEquals(Real.State.DRAINING, maps.reals.get(0).state());
        publisher.tick(AFTER_ALL_NS, WINDOW_NS);

        assertEquals(Real.State.ABSENT, maps.reals.get(0).state());
        assertEquals(1, maps.reals.get(0).generation());
    }

    @Test
    void shouldKeepABackendThatLeftWhilePacketsComeToIt() throws Exception {
        publish(0, web(true, is(State.UP, one), is(State.UP, two)));
        maps.packets.put(0, 7L);
        publish(1, web(true, is(State.UP, two)));

        long lookNs = WINDOW_NS + 2 * Publisher.GRACE_NS;
        long stepNs = WINDOW_NS + Publisher.GRACE_NS;
        for (int i = 0; i < 3; i++) {
            maps.packets.merge(0, 1L, Long::sum);
            publisher.tick(lookNs + i * stepNs, WINDOW_NS);
            assertEquals(Real.State.DRAINING, maps.reals.get(0).state());
        }
        publisher.tick(lookNs + 3 * stepNs - 1, WINDOW_NS);
        assertEquals(Real.State.DRAINING, maps.reals.get(0).state());
        publisher.tick(lookNs + 3 * stepNs, WINDOW_NS);

        assertEquals(Real.State.ABSENT, maps.reals.get(0).state());
        assertEquals(1, publisher.reals().size());
    }

    @Test
    void shouldUseABackendAgainThatComesBackWhilePacketsComeToIt() throws Exception {
        publish(0, web(true, is(State.UP, one), is(State.UP, two)));
        publish(1, web(true, is(State.UP, two)));
        maps.packets.put(0, 1L);
        publisher.tick(AFTER_ALL_NS, WINDOW_NS);

        publish(AFTER_ALL_NS, web(true, is(State.UP, one), is(State.UP, two)));
        publisher.tick(2 * AFTER_ALL_NS, WINDOW_NS);

        assertEquals(Real.State.UP, maps.reals.get(0).state());
        assertEquals(1, maps.reals.get(0).generation());
    }

    @Test
    void shouldWriteAgainWhatCouldNotBeWritten() throws Exception {
        maps.failing = "service";
        assertThrows(BpfException.class, () -> publish(0, web(true, is(State.UP, one))));
        maps.failing = "";
        maps.takeWrites();

        publish(1, web(true, is(State.UP, one)));

        assertEquals(List.of("service 0 ring 0 previous -1", "vips"), maps.takeWrites());
    }

    @Test
    void shouldEndAgainWhatCouldNotBeEnded() throws Exception {
        publish(0, web(true, is(State.UP, one), is(State.UP, two)));
        publish(1, web(true, is(State.UP, two)));
        maps.failing = "service";
        assertThrows(BpfException.class, () -> publisher.tick(AFTER_ALL_NS, WINDOW_NS));
        maps.failing = "real";
        assertThrows(BpfException.class, () -> publisher.tick(AFTER_ALL_NS, WINDOW_NS));
        maps.failing = "";
        maps.takeWrites();

        publisher.tick(AFTER_ALL_NS, WINDOW_NS);

        assertEquals(List.of("real 0 ABSENT"), maps.takeWrites());
        assertEquals(Abi.NONE, maps.services.get(0).previous());
    }

    @Test
    void shouldKeepServicesThatAddressesLeadToWhenTheNewOnesCannotBeWritten() throws Exception {
        publish(0, web(true, is(State.UP, one)));
        maps.failing = "real";

        assertThrows(BpfException.class, () -> publish(1, service("api", Encapsulation.L2, true, is(State.UP, two))));
        publisher.tick(AFTER_ALL_NS, WINDOW_NS);

        assertEquals(0, maps.services.get(0).ring());
        assertEquals(Real.State.UP, maps.reals.get(0).state());
        assertTrue(maps.rings.containsKey(0));
    }

    @Test
    void shouldAskForThePulseBetweenServices() throws Exception {
        PacketService[] services = new PacketService[20];
        for (int i = 0; i < services.length; i++) {
            services[i] = service("s" + i, Encapsulation.IPIP, true, is(State.UP, one));
        }

        publish(0, services);

        assertTrue(beats > services.length, () -> beats + " beats");
    }

    @Test
    void shouldLeaveABackendDownThatLeavesWhileItIsDown() throws Exception {
        publish(0, web(true, is(State.DOWN, one), is(State.UP, two)));
        publish(1, web(true, is(State.UP, two)));

        assertEquals(Real.State.DOWN, maps.reals.get(0).state());
    }

    @Test
    void shouldGiveAFreeNumberWithANewGenerationAndNothingCounted() throws Exception {
        publish(0, web(true, is(State.UP, one), is(State.UP, two)));
        publish(1, web(true, is(State.UP, two)));
        publisher.tick(AFTER_ALL_NS, WINDOW_NS);
        maps.takeWrites();

        publish(AFTER_ALL_NS, web(true, is(State.UP, two), is(State.UP, backend("b3", "10.0.0.3"))));

        assertEquals(2, maps.reals.get(0).generation());
        assertTrue(maps.takeWrites().containsAll(List.of("volume 0", "real 0 UP")));
    }

    @Test
    void shouldKeepTheLastNextHopWhileNobodyAnswers() throws Exception {
        publish(0, web(true, is(State.UP, one)));

        path = NO_ANSWER;
        publisher.follow((address, onLink) -> path);
        assertEquals(PATH, maps.reals.get(0).path());

        path = new Real.Path(3, new Mac(7), Mac.ZERO, 1500);
        publisher.follow((address, onLink) -> path);
        assertEquals(path, maps.reals.get(0).path());
    }

    @Test
    void shouldForgetAServiceThatIsGoneAfterItsAddresses() throws Exception {
        publish(0, web(true, is(State.UP, one)));
        maps.takeWrites();

        publish(1);

        assertEquals(List.of("vips", "real 0 DRAINING"), maps.takeWrites());
        publisher.tick(2 + Publisher.GRACE_NS, WINDOW_NS);
        assertEquals(List.of("service 0 ring -1 previous -1"), maps.takeWrites());
        publisher.tick(AFTER_ALL_NS, WINDOW_NS);
        assertTrue(maps.takeWrites().contains("no ring 0"));
    }

    @Test
    void shouldHoldWhatAProcessBeforeLeftUntilChecksHaveResults() throws Exception {
        publish(0, web(true, is(State.UP, one), is(State.UP, two)));
        Publisher former = publisher;
        restart(former);
        maps.takeWrites();

        publish(1, web(false, is(State.DOWN, one), is(State.DOWN, two)));

        assertEquals(List.of("key", "vips"), maps.takeWrites());
        assertTrue(publisher.serviceStatus().get(0).held());

        publish(2, web(true, is(State.DOWN, one), is(State.UP, two)));

        assertEquals(List.of("real 0 DOWN", "ring 1", "service 0 ring 1 previous 0"), maps.takeWrites());
    }

    @Test
    void shouldKeepAnEqualRingOfAProcessBefore() throws Exception {
        publish(0, web(true, is(State.UP, one), is(State.UP, two)));
        restart(publisher);
        maps.takeWrites();

        publish(1, web(true, is(State.UP, one), is(State.UP, two)));

        assertEquals(List.of("key", "vips"), maps.takeWrites());
    }

    @Test
    void shouldTakeAddressesOfAProcessBeforeAwayWhenThereAreNoServices() throws Exception {
        publish(0, web(true, is(State.UP, one)));
        restart(publisher);
        maps.takeWrites();

        publish(1);

        assertTrue(maps.takeWrites().contains("vips"));
        assertEquals(List.of(), maps.vips.entries());
    }

    @Test
    void shouldLeaveAloneWhatItCannotName() throws Exception {
        publish(0, web(true, is(State.UP, one)));
        int[] ring = maps.rings.get(0);
        maps.rings.put(3, ring.clone());
        loseNames();

        publish(1, service("api", Encapsulation.L2, true, is(State.UP, two)), web(true, is(State.UP, one)));

        assertArrayEquals(ring, maps.rings.get(0));
        assertEquals(
                List.of(1, 2),
                publisher.serviceStatus().stream()
                        .map(PlaneStatus.Service::index)
                        .toList());
        assertEquals(0, realIds.find(RealKey.of("web", one)));
        publisher.tick(2 + Publisher.GRACE_NS, WINDOW_NS);
        assertTrue(maps.services.get(0).isEmpty());
        publisher.tick(AFTER_ALL_NS, WINDOW_NS);
        assertEquals(Set.of(0, 1), maps.rings.keySet());
    }

    @Test
    void shouldAnnounceABackendOfAKnownServiceOnly() throws Exception {
        publish(0, web(true, is(State.UP, one)));
        maps.takeWrites();
        int id = realIds.use(RealKey.of("web", two.key()));

        publisher.announce("other", two.key(), (address, onLink) -> path);
        assertEquals(List.of(), maps.takeWrites());
        publisher.announce("web", two.key(), (address, onLink) -> path);

        assertEquals(List.of("volume " + id, "real " + id + " DOWN"), maps.takeWrites());
    }

    @Test
    void shouldSayWhichServicesAreTooMany() throws Exception {
        PacketService[] services = new PacketService[Abi.MAX_SERVICES + 1];
        for (int i = 0; i < services.length; i++) {
            services[i] = service("s" + i, Encapsulation.IPIP, true, List.of());
        }

        publish(0, services);

        assertEquals(List.of("service s1024 is not served: there is room for 1024"), publisher.troubles());
    }

    @Test
    void shouldSayWhichBackendsAreTooMany() throws Exception {
        List<PacketBackend> members = new ArrayList<>();
        for (int i = 0; i <= Abi.MAX_REALS; i++) {
            members.add(is(State.DOWN, backend("b" + i, "10.1." + i / 250 + "." + (1 + i % 250))));
        }

        publish(0, web(true, members.toArray(new PacketBackend[0])));

        assertEquals(List.of("backend web/b4096 gets nothing: there is room for 4096"), publisher.troubles());
    }

    private void publish(long nowNs, PacketService... services) throws Exception {
        PacketTable table = table(services);
        publisher.publish(table, (address, onLink) -> path, WINDOW_NS, () -> {
            beats++;
            return nowNs;
        });
    }

    /** Another process finds what is in the maps, and the names. */
    private void restart(Publisher former) throws Exception {
        List<PlaneStatus.Service> services = former.serviceStatus();
        RealIds names = realIds;
        realIds = new RealIds();
        publisher = new Publisher(maps, realIds, log());
        names.keys().forEach((id, key) -> {
            realIds.adopt(key, id, maps.reals.get(id).generation());
            publisher.adoptReal(id, maps.reals.get(id));
        });
        for (PlaneStatus.Service service : services) {
            publisher.adoptService(service.index(), service.name(), maps.service(service.index()));
        }
    }

    /** The same, but nothing is left that says whose numbers they are. */
    private void loseNames() throws Exception {
        realIds = new RealIds();
        publisher = new Publisher(maps, realIds, log());
        maps.reals.forEach((id, real) -> {
            realIds.adopt(RealKey.nameless(id, real.address()), id, real.generation());
            publisher.adoptReal(id, real);
        });
        for (int index : maps.servicesOfVips()) {
            publisher.reserveService(index, maps.service(index));
        }
        publisher.reserveRings();
    }

    private static PacketService web(boolean settled, PacketBackend... members) {
        return service("web", Encapsulation.L2, settled, members);
    }

    private static PlaneLog log() {
        return new PlaneLog(new EventLog(Clock.systemUTC()));
    }
}
