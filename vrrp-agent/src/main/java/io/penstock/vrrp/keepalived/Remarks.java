package io.penstock.vrrp.keepalived;

import java.util.ArrayList;
import java.util.List;

/** Collects remarks in their order. Not thread safe. */
final class Remarks {
    private final List<Remark> all = new ArrayList<>();

    /** It makes no difference to who has the VIPs. */
    void leftOut(Place at, String text) {
        all.add(new Remark(at.toString(), false, text));
    }

    /** Someone has to look at it before it is used. */
    void different(Place at, String text) {
        all.add(new Remark(at.toString(), true, text));
    }

    List<Remark> all() {
        return List.copyOf(all);
    }
}
