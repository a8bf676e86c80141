/** What the JDK lacks for files and folders. Imports nothing of the project. */
@NullMarked
package org.eridanus.file;

import org.jspecify.annotations.NullMarked;
