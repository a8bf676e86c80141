/**
 * What people and systems tell Eridanus: interactions, users, items, requests and control commands, as
 * immutable records, and the pure rules that accept or reject them. Imports nothing of the project.
 */
@NullMarked
package org.eridanus.event;

import org.jspecify.annotations.NullMarked;
