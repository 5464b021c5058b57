package io.penstock.bgp.config;

import io.penstock.admin.AdminAddress;
import io.penstock.config.ConfigSection;
import io.penstock.config.MetricLabel;
import io.penstock.serving.config.AdminServerReader;
import io.penstock.serving.config.AdminServerReader.Server;
import java.nio.file.Path;
import java.util.Optional;

/** Reads {@code then} of a VIP: who takes the address from the host after its route is gone. */
final class ThenReader {
    private static final String AGENT = "ecmp-agent";
    private static final String VIP = "vip";

    private final AdminServerReader servers;

    ThenReader(Path configFile) {
        servers = AdminServerReader.ecmpAgent(configFile);
    }

    /** @param name of the VIP here, which is its name there too unless the file has another */
    Optional<ThenConfig> read(ConfigSection then, String name) {
        Optional<Server> server = then.required(AGENT).flatMap(servers::read);
        Optional<String> vip = then.optional(VIP).flatMap(value -> {
            Optional<String> text = value.text("the name of a VIP of the ecmp-agent");
            text.ifPresent(read -> MetricLabel.check(read, value));
            return text;
        });
        if (server.isPresent() && !takesOrders(server.get())) {
            then.problem(
                    AGENT,
                    "takes orders over TCP only with a token: it needs token-file beside url; a UNIX socket needs none");
        }
        return server.map(read -> new ThenConfig(read.address(), read.credentials(), vip.orElse(name)));
    }

    /** By the rules of every admin API. */
    private static boolean takesOrders(Server server) {
        return server.address() instanceof AdminAddress.Unix
                || server.credentials().tokenFile().isPresent()
                || (server.address().isTls() && server.credentials().identity().isPresent());
    }
}
