package io.dynosend.smtp;

import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLSession;

/** An encrypted connection over another one. */
final class TlsTransport implements Transport {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Transport below;
    private final SSLEngine engine;
    private final ByteBuffer sealedIn;
    private final ByteBuffer sealedOut;
    private final ByteBuffer opened;

    private TlsTransport(Transport below, SSLEngine engine) {
        this.below = below;
        this.engine = engine;
        this.sealedIn = ByteBuffer.allocate(engine.getSession().getPacketBufferSize()).flip();
        this.sealedOut = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        this.opened = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).flip();
    }

    /**
     * Shakes hands.
     *
     * @param engine a client's, with all that it shall verify
     * @throws IOException also if the certificate is not to be trusted
     */
    static TlsTransport over(Transport below, SSLEngine engine) throws IOException {
        var tls = new TlsTransport(below, engine);
        engine.beginHandshake();
        while (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            if (!tls.goesOn() && tls.open(true) < 0) {
                throw new IOException("the server hung up in the handshake");
            }
        }
        return tls;
    }

    SSLSession session() {
        return engine.getSession();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return take(into, true);
    }

    @Override
    public int poll(ByteBuffer into) throws IOException {
        return take(into, false);
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (seal(bytes).getStatus() == Status.CLOSED) {
                throw new IOException("the server has ended the encrypted connection");
            }
            while (isHandshaking() && goesOn()) {}
        }
    }

    // Without close_notify (RFC 8446 §6.1): the dot and QUIT tell what is whole, and it might
    // block.
    @Override
    public void close() {
        below.close();
    }

    private int take(ByteBuffer into, boolean waiting) throws IOException {
        while (!opened.hasRemaining()) {
            if (isHandshaking() && goesOn()) continue;
            int more = open(waiting);
            if (more < 0 || (more == 0 && !waiting && !opened.hasRemaining())) return more;
        }
        int length = Math.min(opened.remaining(), into.remaining());
        into.put(opened.slice(opened.position(), length));
        opened.position(opened.position() + length);
        return length;
    }

    private boolean isHandshaking() {
        return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
    }

    /** Does what the handshake wants of us; false if it wants something of the server. */
    private boolean goesOn() throws IOException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                Runnable task;
                while ((task = engine.getDelegatedTask()) != null) task.run();
            }
            case NEED_WRAP -> {
                if (seal(NOTHING).getStatus() == Status.CLOSED) return false;
            }
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN, FINISHED, NOT_HANDSHAKING -> {
                return false;
            }
        }
        return true;
    }

    private SSLEngineResult seal(ByteBuffer bytes) throws IOException {
        sealedOut.clear();
        var result = engine.wrap(bytes, sealedOut);
        below.write(sealedOut.flip());
        return result;
    }

    /** One record; -1 at the end, 0 if it held nothing for us or has not come. */
    private int open(boolean waiting) throws IOException {
        opened.clear();
        SSLEngineResult result;
        try {
            result = engine.unwrap(sealedIn, opened);
        } finally {
            opened.flip();
        }
        return switch (result.getStatus()) {
            case OK -> result.bytesConsumed();
            case CLOSED -> -1;
            case BUFFER_UNDERFLOW -> receive(waiting);
            case BUFFER_OVERFLOW -> throw new IOException("a record of TLS is too long");
        };
    }

    private int receive(boolean waiting) throws IOException {
        sealedIn.compact();
        try {
            return waiting ? below.read(sealedIn) : below.poll(sealedIn);
        } finally {
            sealedIn.flip();
        }
    }
}
