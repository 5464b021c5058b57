package io.penstock.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Optional;

/** Why a peer is not served at a listener. */
public enum AdminRefusal {
    NO_CREDENTIALS(
            "no-credentials",
            HttpResponseStatus.UNAUTHORIZED.code(),
            "this needs the token: Authorization: Bearer TOKEN",
            "Bearer realm=\"penstock\""),
    WRONG_TOKEN(
            "wrong-token",
            HttpResponseStatus.UNAUTHORIZED.code(),
            "this is not the token",
            "Bearer realm=\"penstock\", error=\"invalid_token\""),
    TOKEN_UNUSABLE(
            "token-unusable",
            HttpResponseStatus.SERVICE_UNAVAILABLE.code(),
            "the server cannot use its token file; its log says why",
            ""),
    NO_CERTIFICATE("no-certificate", HttpResponseStatus.FORBIDDEN.code(), "this needs a client certificate", ""),
    READ_ONLY(
            "read-only",
            HttpResponseStatus.FORBIDDEN.code(),
            "this address is read-only; orders are taken at a UNIX socket, or here once the configuration has"
                    + " admin.token-file",
            ""),
    FOREIGN_HOST(
            "foreign-host",
            HttpResponseStatus.MISDIRECTED_REQUEST.code(),
            "on loopback the Host header must be an address or localhost, not a name",
            ""),
    TOO_MANY_STREAMS(
            "too-many-streams",
            HttpResponseStatus.SERVICE_UNAVAILABLE.code(),
            "there are " + EventStreams.MAX_STREAMS + " streams here already",
            ""),
    /** No HTTP was spoken yet: a certificate that is not believed, or no TLS at all. */
    TLS_HANDSHAKE("tls-handshake", HttpResponseStatus.FORBIDDEN.code(), "", ""),
    /** The connection is closed at once. */
    TOO_MANY_CONNECTIONS("too-many-connections", HttpResponseStatus.SERVICE_UNAVAILABLE.code(), "", "");

    private final String label;
    private final int status;
    private final String message;
    private final String challenge;

    AdminRefusal(String label, int status, String message, String challenge) {
        this.label = label;
        this.status = status;
        this.message = message;
        this.challenge = challenge;
    }

    /** As metrics have it. */
    public String label() {
        return label;
    }

    AdminResponse response() {
        return AdminResponse.error(status, message);
    }

    /** The header {@code WWW-Authenticate}. */
    Optional<String> challenge() {
        return challenge.isEmpty() ? Optional.empty() : Optional.of(challenge);
    }
}
