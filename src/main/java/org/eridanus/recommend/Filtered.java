package org.eridanus.recommend;

/**
 * How many of the items that the model knows were kept out of a list, each counted once, by the first reason that
 * applies in this order.
 *
 * @param removed withdrawn from the catalogue, or never announced
 * @param consumed met by the user before
 * @param excluded named by the request
 */
public record Filtered(int removed, int consumed, int excluded) {
    /** Nothing was filtered. */
    public static final Filtered NONE = new Filtered(0, 0, 0);
}
