package org.eridanus.event;

import java.util.function.Function;

/**
 * The outcome of checking input: bad data is a value, never an exception. Sealed, because a record is accepted
 * or rejected and nothing else.
 *
 * @param <T> what was checked
 */
public sealed interface Validated<T> {
    /**
     * Input that keeps every rule.
     *
     * @param value the accepted value
     */
    record Valid<T>(T value) implements Validated<T> {}

    /**
     * Input that breaks a rule.
     *
     * @param rejection which one, and how to mend it
     */
    record Rejected<T>(Rejection rejection) implements Validated<T> {}

    /** The same outcome of something made from the accepted value. */
    default <R> Validated<R> map(Function<? super T, ? extends R> made) {
        if (this instanceof Valid<T> valid) {
            return new Valid<>(made.apply(valid.value()));
        }
        return new Rejected<>(((Rejected<T>) this).rejection());
    }

    /** An accepted value. */
    static <T> Validated<T> valid(T value) {
        return new Valid<>(value);
    }

    /** A rejected one. */
    static <T> Validated<T> rejected(Rejection.Reason reason, String detail) {
        return new Rejected<>(new Rejection(reason, detail));
    }
}
