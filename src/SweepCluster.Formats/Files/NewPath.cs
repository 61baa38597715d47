using SweepCluster.Graphs;

namespace SweepCluster.Formats.Files;

/// <summary>Where something new is to be written: nothing may be there, and what is above it must be folders, which are made where they are absent.</summary>
public static class NewPath
{
    /// <summary>Checks a path before any work begins.</summary>
    /// <param name="path">Where to write, as it was asked for.</param>
    /// <exception cref="BadInputException">Something is there, or a file is where a folder would have to be.</exception>
    public static void Check(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.Exists(full))
        {
            throw new BadInputException($"{path}: found something that exists, expected a new path.");
        }

        string? above = Path.GetDirectoryName(full);
        while (above is not null && !Path.Exists(above))
        {
            above = Path.GetDirectoryName(above);
        }

        if (File.Exists(above))
        {
            throw new BadInputException(above == Path.GetDirectoryName(full)
                ? $"{path}: its parent is a file, expected a folder."
                : $"{path}: {above}, above it, is a file, expected a folder.");
        }
    }

    /// <summary>Why nothing could be written beside a path, in one line.</summary>
    /// <param name="exception">What the system said.</param>
    /// <param name="written">What it was that was being written; null: nothing yet.</param>
    /// <param name="asked">The path, as it was asked for.</param>
    internal static BadInputException Refuse(Exception exception, string? written, string asked)
    {
        // The folder is there, and yet the system says of a file in it that its folder is not: it makes no files, as /proc.
        bool takesNone = exception is DirectoryNotFoundException or FileNotFoundException && Directory.Exists(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(asked))));
        return takesNone
            ? new BadInputException($"{asked}: no files can be made there, expected a folder that takes them.", exception)
            : new BadInputException($"{asked}: cannot be written ({TemporarySibling.InWords(exception, written, asked)}).", exception);
    }
}
