package io.dynosend.liquid;

/** A rendering that was stopped: a limit passed, or an undefined name where these are refused. */
public final class LiquidRenderException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LiquidRenderException(String message) {
        super(message, null, false, false);
    }
}
