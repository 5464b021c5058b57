package io.penstock.perf.lab.dsr;

import io.penstock.net.IpAddress;
import io.penstock.perf.rig.WrkReport;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** wrk, again and again, for as long as what happens meanwhile takes. One thread; {@link #finish} ends it. */
final class RepeatedRequests {
    private static final int RUN_S = 3;

    private final UserPrograms programs;
    private final IpAddress vip;
    private final boolean connectionPerRequest;
    private final FutureTask<WrkReport> task = new FutureTask<>(this::run);
    private volatile boolean stopping;

    private RepeatedRequests(UserPrograms programs, IpAddress vip, boolean connectionPerRequest) {
        this.programs = programs;
        this.vip = vip;
        this.connectionPerRequest = connectionPerRequest;
    }

    static RepeatedRequests to(IpAddress vip, UserPrograms programs, boolean connectionPerRequest) {
        RepeatedRequests requests = new RepeatedRequests(programs, vip, connectionPerRequest);
        Thread thread = new Thread(requests.task, "wrk");
        thread.setDaemon(true);
        thread.start();
        return requests;
    }

    private WrkReport run() throws IOException, InterruptedException {
        WrkReport sum = new WrkReport(0, 0, 0);
        while (!stopping) {
            WrkReport report = programs.wrk(vip, RUN_S, connectionPerRequest);
            sum = new WrkReport(
                    sum.requests() + report.requests(),
                    sum.seconds() + report.seconds(),
                    sum.failures() + report.failures());
        }
        return sum;
    }

    /** Of all runs, the last of which is over. */
    WrkReport finish() throws IOException, InterruptedException {
        stopping = true;
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IOException("wrk: " + e.getCause().getMessage(), e);
        }
    }
}
