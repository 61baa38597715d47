namespace SweepCluster.Fuzz.Mutations;

/// <summary>Says the same numbers another way (packed, one by one, in several pieces), or fields of a type that they do not have.</summary>
internal sealed class ListMutator(Random random)
{
    private const int MostElements = 1 << 12;
    private static readonly int[] s_wireTypes = [0, 1, 2, 5];

    /// <summary>A list in other pieces: a packed one as fields of four or eight bytes or of numbers, single fields as a packed one, one piece as two.</summary>
    public void Repack(List<WireNode> siblings, int index)
    {
        WireNode node = siblings[index];
        if (node.WireType != 2)
        {
            WireNode[] like = [.. siblings.Where(other => other.Field == node.Field && other.WireType == node.WireType)];
            siblings.RemoveAll(like.Contains);
            siblings.Add(new WireNode { Field = node.Field, WireType = 2, Bytes = [.. like.SelectMany(Payload)] });
            return;
        }

        byte[] bytes = node.Children is null ? node.Bytes : WireNode.Write(node.Children);
        int size = random.Next(4) switch { 0 => 4, 1 => 8, 2 => 1, _ => Math.Max(1, bytes.Length / 2) };
        WireNode[] parts = [.. bytes.Chunk(size).Take(MostElements).Select(part => new WireNode
        {
            Field = node.Field,
            WireType = size == part.Length ? size switch { 4 => 5, 8 => 1, 1 => 0, _ => 2 } : 2,
            Bytes = part,
            Number = part[0],
        })];
        siblings.RemoveAt(index);
        siblings.InsertRange(index, parts);
    }

    /// <summary>A field of a type that is one, and most likely not its own; sometimes many of them.</summary>
    public void Mistype(List<WireNode> siblings, int index)
    {
        WireNode node = siblings[index];
        node.WireType = s_wireTypes[random.Next(s_wireTypes.Length)];
        node.Children = null;
        node.Bytes = node.WireType switch { 1 => new byte[8], 5 => new byte[4], _ => [] };
        node.Number = (ulong)random.Next(4);
        siblings.InsertRange(index, Enumerable.Range(0, random.Next(4) == 0 ? random.Next(MostElements) : 0).Select(_ => node.Clone()));
    }

    private static byte[] Payload(WireNode node)
    {
        byte[] field = WireNode.Write([node]);
        int tag = 1 + Array.FindIndex(field, part => part < 0x80);
        return field[tag..];
    }
}
