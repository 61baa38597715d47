using System.Runtime.Versioning;

namespace SweepCluster.Server.Access;

/// <summary>Whether a file that holds secrets is kept as one.</summary>
internal static class FileSecrets
{
    private const UnixFileMode Forbidden = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;

    /// <summary>What is wrong with the permissions of an open file; null: nothing. The group may read, as it must where a secret is mounted into a container.</summary>
    [UnsupportedOSPlatform("windows")]
    internal static string? FaultOf(string path, FileStream stream)
    {
        UnixFileMode mode = File.GetUnixFileMode(stream.SafeFileHandle);
        return (mode & Forbidden) == 0 ? null
            : $"{path}: found the permissions {Convert.ToString((int)mode, 8)}, with which others may read or change it, expected 600 or 640 (chmod o-rwx,g-w).";
    }
}
