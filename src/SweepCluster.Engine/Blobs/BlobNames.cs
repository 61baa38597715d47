namespace SweepCluster.Engine.Blobs;

/// <summary>Names of blobs: SHA-256 in lower-case hexadecimal, and nothing else, so that a name can never lead elsewhere.</summary>
internal static class BlobNames
{
    private const int Length = 64;

    /// <summary>The 32 bytes of a name.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    internal static byte[] Parse(string hash) => IsName(hash)
        ? Convert.FromHexString(hash)
        : throw new ArgumentException($"'{hash}' is no SHA-256 in lower-case hexadecimal.", nameof(hash));

    /// <summary>Whether a text is a name.</summary>
    internal static bool IsName(string text) => text.Length == Length && text.All(char.IsAsciiHexDigitLower);
}
