using System.Runtime.InteropServices;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.Images;

/// <summary>Finds a library of the system.</summary>
internal static class NativeLibraries
{
    /// <summary>Loads the first of several file names that exists.</summary>
    /// <param name="names">File names, as each system calls the library.</param>
    /// <returns>The library's handle; 0 where none was found.</returns>
    public static nint Load(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                return library;
            }
        }

        return 0;
    }

    /// <summary>The library, or the line that says how to install it.</summary>
    /// <param name="library">What <see cref="Load"/> returned.</param>
    /// <param name="file">The picture that needs it.</param>
    /// <param name="kind">The kind of picture.</param>
    /// <param name="debian">Its package in Debian and Ubuntu.</param>
    /// <param name="homebrew">Its package in Homebrew.</param>
    /// <exception cref="BadInputException">The library was not found.</exception>
    public static nint Require(nint library, string file, string kind, string debian, string homebrew) => library != 0
        ? library
        : throw new BadInputException(
            $"{file}: the library that decodes {kind} pictures is not installed. Install it: 'apt-get install {debian}' (Debian, Ubuntu) or 'brew install {homebrew}' (macOS).");
}
