package io.penstock.forwarder.control;

import io.penstock.forwarder.config.ListenConfig;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.TcpOptions;
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
        List<String> names = services.stream().map(ServiceConfig::name).toList();
        return of(services, names::indexOf);
    }

    /** @param index of a service in the table, by its name */
    static List<ListenerSpec> of(Collection<ServiceConfig> services, ToIntFunction<String> index) {
        List<ListenerSpec> specs = new ArrayList<>();
        for (ServiceConfig service : services) {
            ServiceConfig.ListenOptions listener = service.tcp().listener();
            BindOptions bind =
                    new BindOptions(listener.interfaceName().orElse(BindOptions.ANY_DEVICE), listener.transparent());
            TcpOptions options = ForwardingTableBuilder.options(service.tcp());
            for (ListenConfig listen : service.listen()) {
                if (listen.unix().isPresent()) {
                    Endpoint endpoint = Endpoint.of(listen.unix().get());
                    specs.add(new ListenerSpec(
                            index.applyAsInt(service.name()), endpoint, false, BindOptions.NONE, options));
                    continue;
                }
                for (int port = listen.firstPort(); port <= listen.lastPort(); port++) {
                    specs.add(new ListenerSpec(
                            index.applyAsInt(service.name()),
                            new Endpoint(listen.address(), port),
                            listen.dualStack(),
                            bind,
                            options));
                }
            }
        }
        return specs;
    }
}
