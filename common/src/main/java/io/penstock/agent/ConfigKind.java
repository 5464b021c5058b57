package io.penstock.agent;

import io.penstock.config.InvalidConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A sort of configuration: how its file is read, and what a process makes of it once for its life.
 *
 * @param <C> what the file says, a value
 */
public interface ConfigKind<C> {
    /**
     * Reads a file and all that it names.
     *
     * @throws InvalidConfigException with all problems
     */
    C read(Path file) throws InvalidConfigException;

    /** Whose content is part of it. */
    Set<Path> namedFiles(C config);

    /** The settings that are not as the process was started with, and that only another process can have. */
    List<String> needRestart(C started, C read);
}
