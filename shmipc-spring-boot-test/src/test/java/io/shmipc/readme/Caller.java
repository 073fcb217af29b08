package io.shmipc.readme;

import io.shmipc.client.SessionManager;

final class Caller {

    private Caller() {}

    static long call(SessionManager sessionManager) {
        long answer = sessionManager.execute(stream -> {
            stream.bufferWriter().writeLong(41);
            stream.flush();
            return stream.bufferReader().readLong();
        });
        return answer;
    }
}
