package io.shmipc.channel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Writes down what a decoder found, one line per message. */
final class Recorder implements MessageHandler {

    final List<String> messages = new ArrayList<>();
    private final StringBuilder fallback = new StringBuilder();
    private String fallbackHead = "";
    long fallbackBytes;

    @Override
    public void onMessage(MessageType type, int version, ByteBuffer payload) {
        messages.add(type + " v" + version + " " + hex(payload));
    }

    @Override
    public void onFallback(int streamId, int status, int bytes) {
        fallbackHead = "FALLBACK_DATA stream " + streamId + " status " + status + " bytes " + bytes + ": ";
        fallback.setLength(0);
        if (bytes == 0) {
            messages.add(fallbackHead);
        }
    }

    @Override
    public void onFallbackPart(ByteBuffer part, boolean last) {
        fallbackBytes += part.remaining();
        fallback.append(hex(part));
        if (last) {
            messages.add(fallbackHead + fallback);
        }
    }

    private static String hex(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return HexFormat.of().formatHex(copy);
    }
}
