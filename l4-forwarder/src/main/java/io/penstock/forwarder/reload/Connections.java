package io.penstock.forwarder.reload;

import io.penstock.forwarder.operate.ConnectionFilter;
import io.penstock.forwarder.operate.ConnectionView;
import io.penstock.forwarder.operate.DrainPlan;
import io.penstock.forwarder.operate.DrainStatus;
import io.penstock.forwarder.operate.DrainTarget;
import io.penstock.forwarder.operate.RefusedException;
import java.util.List;

/** The open connections of a forwarder, and their end. The words are those of Operations. */
public interface Connections {
    List<ConnectionView> connections(ConnectionFilter filter, int limit);

    int kill(ConnectionFilter filter);

    DrainStatus drain(DrainTarget target, DrainPlan plan) throws RefusedException;

    DrainStatus cancelDrain(DrainTarget target) throws RefusedException;

    /** Under way or ended since the start, the latest of each target. */
    List<DrainStatus> drains();
}
