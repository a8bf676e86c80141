package org.eridanus.event;

/**
 * What is known of a user.
 *
 * @param id user id
 * @param attributes e.g. {@code age}, {@code gender}, {@code occupation}
 */
public record UserProfile(String id, Attributes attributes) {}
