package org.eridanus.event;

/**
 * An operator's word to the trainer.
 *
 * @param action what to do
 * @param reason why, for the log; may be empty
 */
public record ControlCommand(Action action, String reason) {
    /** What the trainer can be told. */
    public enum Action {
        /** Stop learning and publishing at the current version. */
        FREEZE,
        /** Learn again. */
        RESUME
    }
}
