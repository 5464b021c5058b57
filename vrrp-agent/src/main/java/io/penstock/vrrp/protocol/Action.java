package io.penstock.vrrp.protocol;

/** What a virtual router wants done, in the order of the list that it is in. */
public sealed interface Action {
    /** Sends an advertisement of this priority, now; whether it went is to be told by {@link VirtualRouter#onSent}. */
    record Send(int priority) implements Action {}

    /** Puts the VIPs on their interface and announces them. */
    record TakeOver() implements Action {}

    /** Announces them once more: somebody else may have told the network otherwise. */
    record AnnounceAgain(String reason) implements Action {}

    /** Removes the VIPs. */
    record LetGo() implements Action {}

    /** Another state, for those who follow. */
    record Tell(Transition transition) implements Action {}

    /** Something that someone should know and that changes no state, such as several owners; told as often as it happens. */
    record Notice(Kind kind, String text) implements Action {
        /** What it is about. */
        public enum Kind {
            /** An advertisement of our VRID and of an owner, while we are the owner (RFC 9568 section 8.3.2). */
            SEVERAL_OWNERS,
            /** Another interval or other addresses than ours are configured there (section 7.1). */
            CONFIGURATION_DIFFERS,
            /** Another router was active at the same time. */
            DUPLICATE_ACTIVE,
            /** An advertisement could not be sent in time, so a backup may have taken over. */
            LATE,
            /** It is a backup only because it cannot say that it is active. */
            CANNOT_SEND
        }
    }
}
