package io.penstock.admin;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where an admin server listens, and who may do what there: at a UNIX socket, whoever its permissions let in may do
 * everything; on loopback everybody reads, and orders need the token or a client certificate; elsewhere everything does.
 *
 * @param listen at least one, each once
 * @param tokenFile what orders over TCP need; empty for none
 * @param tls of the addresses that speak it
 */
public record AdminConfig(List<AdminAddress> listen, Optional<Path> tokenFile, Optional<AdminTls> tls) {
    public AdminConfig {
        listen = List.copyOf(listen);
        if (listen.isEmpty()) {
            throw new IllegalArgumentException("it listens nowhere");
        }
    }

    /** One address, without a token: read-only if it is no UNIX socket. */
    public static AdminConfig of(AdminAddress address) {
        return new AdminConfig(List.of(address), Optional.empty(), Optional.empty());
    }

    /** Whether somebody who comes over TLS can show who they are. */
    public boolean canAuthenticate() {
        return tokenFile.isPresent() || tls.flatMap(AdminTls::clientCa).isPresent();
    }
}
