package io.shmipc.spring.boot.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import org.springframework.util.unit.DataSize;

/** Who may connect to a listener, and what memory a client may share with it. */
public final class AccessProperties {

    /** Numeric ids of the users who may connect. By default this process's user and root. */
    private List<Integer> userIds = new ArrayList<>();

    /** Numeric ids of the groups whose members may connect, whoever they are. */
    private List<Integer> groupIds = new ArrayList<>();

    /** Directories in which the memory of clients may lie. By default /dev/shm alone. */
    private List<String> directories = new ArrayList<>();

    /** Most memory that one mapping of a client can have. */
    private DataSize maxMemory = DataSize.ofBytes(2147483647);

    /** Whether anonymous memory must be sealed against shrinking. Go and Rust clients do not seal theirs. */
    private boolean requireSeals = false;

    public List<Integer> getUserIds() {
        return userIds;
    }

    public void setUserIds(List<Integer> userIds) {
        this.userIds = userIds;
    }

    public List<Integer> getGroupIds() {
        return groupIds;
    }

    public void setGroupIds(List<Integer> groupIds) {
        this.groupIds = groupIds;
    }

    public List<String> getDirectories() {
        return directories;
    }

    public void setDirectories(List<String> directories) {
        this.directories = directories;
    }

    public DataSize getMaxMemory() {
        return maxMemory;
    }

    public void setMaxMemory(DataSize maxMemory) {
        this.maxMemory = maxMemory;
    }

    public boolean isRequireSeals() {
        return requireSeals;
    }

    public void setRequireSeals(boolean requireSeals) {
        this.requireSeals = requireSeals;
    }
}
