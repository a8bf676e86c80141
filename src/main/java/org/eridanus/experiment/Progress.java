package org.eridanus.experiment;

/** Where an experiment tells how far it is. Called by several threads, one at a time. */
@FunctionalInterface
public interface Progress {
    /**
     * One more part is done.
     *
     * @param done parts done so far
     * @param total parts there are
     * @param what the part just done, for people
     */
    void done(int done, int total, String what);
}
