/** Examples in plain Java: what an application has to do, with {@code kafka-clients} alone. */
package org.eridanus.example;
