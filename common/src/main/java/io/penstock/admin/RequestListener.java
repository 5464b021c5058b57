package io.penstock.admin;

import java.util.List;

/** Is told of what happens at a server, on any thread; must not block. */
public interface RequestListener {
    RequestListener NONE = new RequestListener() {
        @Override
        public void onListening(List<AdminAddress> addresses) {}

        @Override
        public void onAnswered(String method, int status) {}

        @Override
        public void onRefused(AdminAddress address, AdminRefusal reason) {}
    };

    /** These are the addresses at which peers come from now on. */
    void onListening(List<AdminAddress> addresses);

    /**
     * One more request was answered.
     *
     * @param method as the request has it; what a peer invents included
     */
    void onAnswered(String method, int status);

    /** A peer was not served. */
    void onRefused(AdminAddress address, AdminRefusal reason);
}
