using System.Security.Cryptography;

namespace SweepCluster.Formats.CoreMl.Packages;

/// <summary>Identifiers of a package's items, derived from what the items hold, so that equal packages are equal byte for byte.</summary>
internal static class PackageIdentifier
{
    /// <summary>A universally unique identifier (version 8, own content) from a hash.</summary>
    internal static string Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true).ToString("D");
    }
}
