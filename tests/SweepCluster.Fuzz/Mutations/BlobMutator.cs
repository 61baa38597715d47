using System.Buffers.Binary;

namespace SweepCluster.Fuzz.Mutations;

/// <summary>Damages a weight file: its header, its records (sentinel, type, size, place, padding), its data, its length.</summary>
internal sealed class BlobMutator(Random random, WireMutator numbers)
{
    private const int Step = 64;
    private const uint Sentinel = 0xDEADBEEF;

    public byte[] Mutate(byte[] present)
    {
        byte[] file = [.. present];
        int[] records = [.. Enumerable.Range(0, file.Length / Step).Select(i => i * Step).Where(at => BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at)) == Sentinel)];
        if (records.Length == 0 || random.Next(8) == 0)
        {
            return numbers.Bytes(file);
        }

        Span<byte> record = file.AsSpan(records[random.Next(records.Length)], Step);
        switch (random.Next(8))
        {
            case 0:
                BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(4 * random.Next(2)), (uint)numbers.Number(2));
                break;
            case 1:
                BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)numbers.Number(Sentinel));
                break;
            case 2:
                BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)random.Next(19));
                break;
            case 3:
                Change(record[8..]);
                break;
            case 4:
                Change(record[16..]);
                break;
            case 5:
                BinaryPrimitives.WriteUInt64LittleEndian(record[24..], random.Next(3) == 0 ? numbers.Number(0) : (ulong)random.Next(9));
                break;
            case 6: // two records change places, or one is the other's
                file.AsSpan(records[random.Next(records.Length)], Step).ToArray().CopyTo(record);
                break;
            default:
                int cut = random.Next(file.Length);
                return random.Next(2) == 0 ? file[..cut] : [.. file, .. new byte[random.Next(200)]];
        }

        return file;
    }

    private void Change(Span<byte> field) => BinaryPrimitives.WriteUInt64LittleEndian(field, random.Next(2) == 0
        ? numbers.Number(BinaryPrimitives.ReadUInt64LittleEndian(field))
        : (ulong)((long)BinaryPrimitives.ReadUInt64LittleEndian(field) + (Step * random.Next(-3, 4))));
}
