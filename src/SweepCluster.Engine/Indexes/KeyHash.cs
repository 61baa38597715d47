using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SweepCluster.Engine.Indexes;

/// <summary>Stands for a key: the first 128 bits of its SHA-256, so that two keys never share one.</summary>
internal readonly record struct KeyHash(ulong High, ulong Low)
{
    internal static KeyHash Of(ReadOnlySpan<byte> utf8)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8, digest);
        return new KeyHash(BinaryPrimitives.ReadUInt64LittleEndian(digest), BinaryPrimitives.ReadUInt64LittleEndian(digest[8..]));
    }

    internal static KeyHash Of(string key) => Of(Encoding.UTF8.GetBytes(key));
}
