package org.eridanus.event;

/**
 * An item that may be recommended.
 *
 * @param id item id
 * @param title what people call it; the id where nothing better is known
 * @param attributes e.g. {@code genres}
 */
public record Item(String id, String title, Attributes attributes) {}
