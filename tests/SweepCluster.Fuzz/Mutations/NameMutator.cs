namespace SweepCluster.Fuzz.Mutations;

/// <summary>Mixes up names that stand in the same place of like messages: two swapped, or one given to two.</summary>
internal sealed class NameMutator(Random random)
{
    private const int LongestName = 60;
    private const int MostNames = 1 << 16;

    /// <summary>Swaps two names, or defines one anew.</summary>
    /// <param name="places">Every field, with the field that its message is.</param>
    public void Mix(List<(List<WireNode> Siblings, int Index, int Parent)> places)
    {
        (WireNode Node, int Parent)[] names = [.. places.Select(place => (place.Siblings[place.Index], place.Parent)).Where(place => IsName(place.Item1))];
        if (names.Length == 0)
        {
            return;
        }

        (WireNode name, int parent) = names[random.Next(names.Length)];
        WireNode[] like = [.. names.Where(other => other.Node != name && other.Parent == parent && other.Node.Field == name.Field).Select(other => other.Node)];
        if (like.Length > 0)
        {
            WireNode other = like[random.Next(like.Length)];
            byte[] bytes = other.Bytes;
            other.Bytes = random.Next(2) == 0 ? name.Bytes : bytes;
            name.Bytes = bytes;
            (name.Children, other.Children) = (null, null);
        }
    }

    /// <summary>Many of one short field, as a layer may have inputs.</summary>
    public void Crowd(List<(List<WireNode> Siblings, int Index, int Parent)> places)
    {
        (List<WireNode> Siblings, int Index, int Parent)[] names = [.. places.Where(place => IsName(place.Siblings[place.Index]))];
        if (names.Length > 0)
        {
            (List<WireNode> siblings, int index, _) = names[random.Next(names.Length)];
            siblings.InsertRange(index, Enumerable.Range(0, random.Next(random.Next(30) == 0 ? MostNames : MostNames >> 6)).Select(_ => siblings[index].Clone()).ToArray());
        }
    }

    private static bool IsName(WireNode node) => node is { WireType: 2, Bytes.Length: > 0 and <= LongestName } && node.Bytes.All(letter => letter is >= 32 and < 127);
}
