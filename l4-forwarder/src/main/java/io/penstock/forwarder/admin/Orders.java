package io.penstock.forwarder.admin;

import io.penstock.admin.AdminHandler;
import io.penstock.admin.AdminRequest;
import io.penstock.admin.AdminResponse;
import io.penstock.admin.RequestException;
import io.penstock.forwarder.operate.RefusedException;

/** Requests that change something, and may be refused. */
final class Orders {
    static final int CREATED = 201;
    static final int ACCEPTED = 202;

    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private Orders() {}

    interface Order {
        AdminResponse give(AdminRequest request) throws RefusedException, RequestException;
    }

    /** What is refused is 404 when there is no such thing, and 409 when the thing is not as it would have to be. */
    static AdminHandler of(Order order) {
        return request -> {
            try {
                return order.give(request);
            } catch (RefusedException e) {
                throw new RequestException(e.isUnknown() ? NOT_FOUND : CONFLICT, e.getMessage());
            }
        };
    }

    /** Refuses a body with anything in it. */
    static void withoutKeys(AdminRequest request) throws RequestException {
        request.json(body -> true);
    }
}
