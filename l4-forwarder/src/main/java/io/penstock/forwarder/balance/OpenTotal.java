package io.penstock.forwarder.balance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How many connections a group of backends has open together, kept up by the loads themselves: each account holds what it
 * has added for its load. When nothing changes for a moment it is exact; meanwhile it is off by the changes under way, at
 * most one a worker. Any thread.
 *
 * <p>A load tells one total at a time, that of the policy made last. The one before stands still, for the moment in
 * which it is still asked.
 */
final class OpenTotal {
    private final SharedCounter sum = new SharedCounter(0);

    OpenTotal(BackendLoad[] loads) {
        for (BackendLoad load : loads) {
            Account account = new Account(load);
            load.watch(account);
            account.onChanged();
        }
    }

    long open() {
        return sum.value();
    }

    private final class Account implements LoadWatcher {
        private static final VarHandle ADDED;

        static {
            try {
                ADDED = MethodHandles.lookup().findVarHandle(Account.class, "added", int.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private final BackendLoad load;
        private volatile int added;

        private Account(BackendLoad load) {
            this.load = load;
        }

        @Override
        public void onAcquired() {
            onChanged();
        }

        /** Looks again after writing: two that write at once may do so in the wrong order, and the one that is late sees it. */
        @Override
        public void onChanged() {
            int open = load.open();
            do {
                int before = (int) ADDED.getAndSet(this, open);
                sum.getAndAdd((long) open - before);
                open = load.open();
            } while (open != added);
        }
    }
}
