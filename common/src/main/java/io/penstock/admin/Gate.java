package io.penstock.admin;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Optional;
import java.util.Set;

/** Whom one listener lets in; counts whom it does not. Safe from any thread. */
final class Gate {
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private final AdminAddress address;
    private final HostRule hosts;
    private final AccessRule access;
    private final RequestListener listener;

    Gate(AdminAddress address, AdminConfig config, RequestListener listener) {
        this.address = address;
        this.listener = listener;
        hosts = HostRule.of(address);
        access = AccessRule.of(address, config);
    }

    /** @param certified whether the peer has proved a certificate that is believed */
    Optional<AdminRefusal> refusal(FullHttpRequest request, boolean certified) {
        Optional<AdminRefusal> refusal =
                request.headers().getAll(HttpHeaderNames.HOST).stream().allMatch(hosts::allows)
                        ? access.refusal(
                                READING.contains(request.method()),
                                certified,
                                request.headers().getAll(HttpHeaderNames.AUTHORIZATION))
                        : Optional.of(AdminRefusal.FOREIGN_HOST);
        refusal.ifPresent(this::count);
        return refusal;
    }

    void count(AdminRefusal reason) {
        listener.onRefused(address, reason);
    }
}
