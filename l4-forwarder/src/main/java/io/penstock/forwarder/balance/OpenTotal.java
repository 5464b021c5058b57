package io.penstock.forwarder.balance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How many connections a group of backends has open together, kept up by the loads themselves: each account holds what it
 * has added for its load. When nothing changes for a moment it is exact; meanwhile it is off by the changes under way, at
 * most one a worker. Any thread.
 *
 * <p>A load tells the totals of all groups that hold its backend. One that was {@linkplain #retire retired} stands still,
 * for the moment in which it is still asked.
 */
final class OpenTotal {
    private final SharedCounter sum = new SharedCounter(0);

    private final Account[] accounts;

    OpenTotal(BackendLoad[] loads) {
        accounts = new Account[loads.length];
        for (int i = 0; i < loads.length; i++) {
            accounts[i] = new Account(loads[i]);
            loads[i].watch(accounts[i]);
            accounts[i].onChanged();
        }
    }

    /** The loads tell it no longer. */
    void retire() {
        for (Account account : accounts) {
            account.load.unwatch(account);
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
