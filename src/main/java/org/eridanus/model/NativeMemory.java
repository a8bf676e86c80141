package org.eridanus.model;

import org.bytedeco.javacpp.Pointer;

/** Memory beside the heap that the numeric library has allocated. */
public final class NativeMemory {
    private NativeMemory() {}

    /** Bytes allocated through JavaCPP by everything in this process, and not yet freed. */
    public static long usedBytes() {
        return Pointer.totalBytes();
    }
}
