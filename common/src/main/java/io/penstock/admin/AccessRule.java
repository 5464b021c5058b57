package io.penstock.admin;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may do what at one listener. Safe from any thread; reads a file, so not for an event loop. */
final class AccessRule {
    private static final Logger LOG = LoggerFactory.getLogger(AccessRule.class);

    /** RFC 6750 section 2.1; the scheme in any case, as RFC 9110 section 11.1 has it. */
    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +(?<token>[!-~]+)");

    /** What needs no credentials. */
    private enum Free {
        EVERYTHING,
        READING,
        NOTHING
    }

    private final Free free;
    private final Optional<TokenFile> token;
    private final boolean certificates;
    private volatile boolean troubled;

    private AccessRule(Free free, Optional<TokenFile> token, boolean certificates) {
        this.free = free;
        this.token = token;
        this.certificates = certificates;
    }

    static AccessRule of(AdminAddress address, AdminConfig config) {
        Free free = address instanceof AdminAddress.Unix
                ? Free.EVERYTHING
                : address.isLocal() ? Free.READING : Free.NOTHING;
        boolean certificates =
                address.isTls() && config.tls().flatMap(AdminTls::clientCa).isPresent();
        return new AccessRule(free, config.tokenFile().map(TokenFile::new), certificates);
    }

    /**
     * Whether a request is served.
     *
     * @param reads whether it changes nothing
     * @param certified whether the peer has proved one of the certificates that are believed
     * @param authorization each header of that name
     */
    Optional<AdminRefusal> refusal(boolean reads, boolean certified, List<String> authorization) {
        if (free == Free.EVERYTHING || certified || (free == Free.READING && reads)) {
            return Optional.empty();
        }
        if (token.isEmpty()) {
            return Optional.of(certificates ? AdminRefusal.NO_CERTIFICATE : AdminRefusal.READ_ONLY);
        }
        if (authorization.isEmpty()) {
            return Optional.of(AdminRefusal.NO_CREDENTIALS);
        }
        Matcher bearer = BEARER.matcher(authorization.get(0));
        if (authorization.size() > 1 || !bearer.matches()) {
            return Optional.of(AdminRefusal.WRONG_TOKEN);
        }
        return refusal(token.get(), bearer.group("token"));
    }

    private Optional<AdminRefusal> refusal(TokenFile file, String shown) {
        try {
            boolean matches = file.matches(shown);
            if (troubled) {
                troubled = false;
                LOG.info("event=admin-token-usable file={}", file);
            }
            return matches ? Optional.empty() : Optional.of(AdminRefusal.WRONG_TOKEN);
        } catch (IOException e) {
            if (!troubled) {
                troubled = true;
                LOG.warn(
                        "event=admin-token-unusable file={} cause=\"{}\" effect=\"nobody is let in by a token\"",
                        file,
                        e.getMessage());
            }
            return Optional.of(AdminRefusal.TOKEN_UNUSABLE);
        }
    }
}
