package io.penstock.forwarder.control;

import io.penstock.forwarder.config.ListenConfig;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.TcpOptions;
import io.penstock.forwarder.table.UdpOptions;
import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ToIntFunction;

/** The sockets that services are configured to listen on. */
public final class ListenerSpecs {
    private ListenerSpecs() {}

    /** Of the first table of a process. */
    public static List<ListenerSpec> of(Collection<ServiceConfig> services) {
        List<String> names = services.stream()
                .filter(service -> !service.isDsr())
                .map(ServiceConfig::name)
                .toList();
        return of(services, service -> names.indexOf(service.name()));
    }

    /** @param index of a service in the table */
    static List<ListenerSpec> of(Collection<ServiceConfig> services, ToIntFunction<ServiceConfig> index) {
        List<ListenerSpec> specs = new ArrayList<>();
        for (ServiceConfig service : services) {
            if (service.isDsr()) {
                // Its packets come to no socket.
                continue;
            }
            Template template = Template.of(service, index.applyAsInt(service));
            for (ListenConfig listen : service.listen()) {
                if (listen.unix().isPresent()) {
                    specs.add(template.at(Endpoint.of(listen.unix().get()), false, BindOptions.NONE));
                    continue;
                }
                for (int port = listen.firstPort(); port <= listen.lastPort(); port++) {
                    specs.add(template.at(new Endpoint(listen.address(), port), listen.dualStack(), template.bind()));
                }
            }
        }
        return specs;
    }

    /** What the listeners of one service have in common; one of the two options is null. */
    private record Template(int serviceIndex, BindOptions bind, TcpOptions tcp, UdpOptions udp) {
        static Template of(ServiceConfig service, int index) {
            BindOptions bind = new BindOptions(
                    service.listenInterface().orElse(BindOptions.ANY_DEVICE),
                    service.isListenTransparent(),
                    service.freebind());
            return service.isUdp()
                    ? new Template(index, bind, null, UdpSettings.of(service))
                    : new Template(index, bind, ForwardingTableBuilder.options(service.tcp()), null);
        }

        ListenerSpec at(Endpoint endpoint, boolean dualStack, BindOptions at) {
            return new ListenerSpec(serviceIndex, endpoint, dualStack, at, tcp, udp);
        }
    }
}
