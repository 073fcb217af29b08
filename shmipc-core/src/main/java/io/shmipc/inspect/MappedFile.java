package io.shmipc.inspect;

import io.shmipc.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Maps files for reading only. */
final class MappedFile {

    private MappedFile() {}

    /**
     * Maps a whole file.
     *
     * @param name what to call it in messages
     * @throws InspectionException if it cannot be mapped, with the reason for people
     */
    static ByteBuffer map(Path file, String name) {
        try {
            // A pipe would keep the opening thread waiting: look first.
            if (!Files.isRegularFile(file)) {
                throw Files.exists(file)
                        ? new InspectionException(
                                Reason.SYSTEM_CALL_FAILED,
                                name + " is not a regular file, so it holds no shmipc memory.")
                        : missing(file, name);
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                long bytes = channel.size();
                if (bytes == 0 || bytes > Integer.MAX_VALUE) {
                    throw new InspectionException(
                            Reason.SYSTEM_CALL_FAILED,
                            name + " has " + bytes + " bytes; shmipc memory has 1 to " + Integer.MAX_VALUE + ".");
                }
                return channel.map(MapMode.READ_ONLY, 0, bytes);
            }
        } catch (ClosedByInterruptException e) {
            throw InspectionException.interrupted(e);
        } catch (NoSuchFileException e) {
            throw missing(file, name);
        } catch (AccessDeniedException e) {
            throw denied(name, e);
        } catch (IOException e) {
            throw new InspectionException(
                    Reason.SYSTEM_CALL_FAILED, name + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static InspectionException missing(Path file, String name) {
        try {
            Files.readAttributes(file, "size");
        } catch (AccessDeniedException e) {
            return denied(name, e);
        } catch (IOException e) {
            return new InspectionException(Reason.SYSTEM_CALL_FAILED, "There is no file " + name + ".", e);
        }
        return new InspectionException(Reason.SYSTEM_CALL_FAILED, name + " changes too fast to be looked at.");
    }

    private static InspectionException denied(String name, AccessDeniedException cause) {
        return new InspectionException(
                Reason.ACCESS_DENIED, "You have no permission to read " + name + "; its owner and root do.", cause);
    }
}
