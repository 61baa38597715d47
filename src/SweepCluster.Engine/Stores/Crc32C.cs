using System.Buffers.Binary;
using System.Numerics;

namespace SweepCluster.Engine.Stores;

/// <summary>CRC-32C (Castagnoli), as RFC 3720 section 12.1 defines it: reflected, start and final value all ones.</summary>
internal static class Crc32C
{
    /// <summary>The running value before the first byte.</summary>
    internal const uint Start = uint.MaxValue;

    /// <summary>Continues a running value over more bytes.</summary>
    internal static uint Append(uint running, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            running = BitOperations.Crc32C(running, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte value in bytes)
        {
            running = BitOperations.Crc32C(running, value);
        }

        return running;
    }

    /// <summary>The checksum that a running value stands for.</summary>
    internal static uint Finish(uint running) => ~running;
}
