package io.penstock.perf.udp;

import io.penstock.perf.rig.LoopbackPorts;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The ports of a proxy and of the backends behind it, on 127.0.0.1.
 *
 * @param ports one for each service
 * @param backendPort takes datagrams one by one
 * @param groupedPort takes them together
 */
record Site(Map<Shape.Service, Integer> ports, int backendPort, int groupedPort) {
    Site {
        ports = Map.copyOf(ports);
    }

    /** In front of these backends; no proxy listens yet. */
    static Site before(int backendPort, int groupedPort) throws IOException {
        Map<Shape.Service, Integer> ports = new EnumMap<>(Shape.Service.class);
        List<Integer> free = LoopbackPorts.pick(Shape.Service.values().length);
        for (Shape.Service service : Shape.Service.values()) {
            ports.put(service, free.get(ports.size()));
        }
        return new Site(ports, backendPort, groupedPort);
    }

    /** Without a proxy. */
    static Site direct(int backendPort, int groupedPort) {
        Map<Shape.Service, Integer> ports = new EnumMap<>(Shape.Service.class);
        for (Shape.Service service : Shape.Service.values()) {
            ports.put(service, service.isGrouped() ? groupedPort : backendPort);
        }
        return new Site(ports, backendPort, groupedPort);
    }

    int port(Shape.Service service) {
        return ports.get(service);
    }

    int backendPort(Shape.Service service) {
        return service.isGrouped() ? groupedPort : backendPort;
    }
}
