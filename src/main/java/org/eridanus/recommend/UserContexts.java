package org.eridanus.recommend;

/**
 * Finds what is known of a user, wherever that is kept.
 *
 * <p>Threading: safe for use by all threads.
 */
@FunctionalInterface
public interface UserContexts {
    /** Where a user's context is now, and what it says if that is here. */
    Place find(String user);

    /** Where a user's context is. Sealed, because it can be read here, asked for elsewhere, or not be had. */
    sealed interface Place {
        /**
         * In this process.
         *
         * @param context what is known, {@link UserContext#UNKNOWN} of a user who has done nothing yet
         */
        record Here(UserContext context) implements Place {}

        /**
         * With another instance.
         *
         * @param host the host that it answers HTTP at
         * @param port its port there
         */
        record Elsewhere(String host, int port) implements Place {}

        /**
         * Nowhere at the moment, or where this instance cannot ask.
         *
         * @param reason the rule, what was found and the remedy
         */
        record OutOfReach(String reason) implements Place {}
    }
}
