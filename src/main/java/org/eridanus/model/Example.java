package org.eridanus.model;

/**
 * One positive example: a user's side, and the item the user then consumed. Owns its arrays; whoever makes one hands
 * them over.
 *
 * <p>The paper's sample (X, Y) is one pair of user and item with Y = 1 if a rating is observed, else 0 (eqs. 16 and 17). Here
 * the positive stands for Y = 1; pairs of Y = 0 are not kept but drawn, anew for each step, among what the user is not known
 * to have consumed ({@link NegativeSampler}). What counts as observed is told by the event's feedback, and a weight multiplies the
 * loss as w of eq. 31 does, for every loss.
 */
public final class Example {
    final Context context;
    final int positive;
    final int[] consumed;
    final int consumedCount;
    final float weight;

    /**
     * An example that counts fully.
     *
     * @param context the user's side, as of before the event
     * @param positive index of the consumed item
     * @param consumed items the user is known to have consumed, never drawn as negatives, kept
     * @param consumedCount how many of them are valid
     */
    public Example(Context context, int positive, int[] consumed, int consumedCount) {
        this(context, positive, consumed, consumedCount, 1f);
    }

    /**
     * An example.
     *
     * @param context the user's side, as of before the event
     * @param positive index of the consumed item
     * @param consumed items the user is known to have consumed, never drawn as negatives, kept
     * @param consumedCount how many of them are valid
     * @param weight what its loss is multiplied by, positive and finite
     */
    public Example(Context context, int positive, int[] consumed, int consumedCount, float weight) {
        if (!(weight > 0f && weight < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("an example's weight must be positive and finite, got " + weight);
        }
        this.context = context;
        this.positive = positive;
        this.consumed = consumed;
        this.consumedCount = consumedCount;
        this.weight = weight;
    }

    /** Index of the consumed item. */
    public int positive() {
        return positive;
    }

    /** The user's side. */
    public Context context() {
        return context;
    }
}
