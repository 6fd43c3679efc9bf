package io.dynosend.smtp;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of one connection, in clear or encrypted. One thread uses it; any may close it. */
interface Transport {

    /**
     * Waits for at least one byte.
     *
     * @return how many, or -1 at the end
     */
    int read(ByteBuffer into) throws IOException;

    /**
     * Takes what is there already.
     *
     * @return how many bytes, 0 if the server is silent, -1 if it has hung up
     */
    int poll(ByteBuffer into) throws IOException;

    /** Writes all of it. */
    void write(ByteBuffer bytes) throws IOException;

    /** At once; who reads or writes meanwhile fails. */
    void close();
}
