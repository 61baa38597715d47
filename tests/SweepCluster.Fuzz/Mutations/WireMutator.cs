using System.Text;

namespace SweepCluster.Fuzz.Mutations;

/// <summary>Damages a protobuf message where it means something: fields, lengths, numbers, names, nesting.</summary>
internal sealed class WireMutator(Random random)
{
    private const int MostAdded = 1 << 14; // bytes that one mutation may add, about

    private static readonly ulong[] s_numbers =
    [
        0, 1, 2, 3, 4, 7, 8, 9, 10, 16, 31, 32, 63, 64, 65, 127, 128, 255, 256, 1 << 15, 1 << 16, 1 << 20, 1 << 24, 1 << 28, (1u << 31) - 1, 1u << 31, uint.MaxValue, 1ul << 32,
        1ul << 40, 1ul << 60, (1ul << 63) - 1, 1ul << 63, ulong.MaxValue, ulong.MaxValue - 1, ulong.MaxValue - 63, 10, 11, 21, 25, 31, 35, 36, 37, 38, 39, 40, 41,
    ];

    private static readonly string[] s_texts =
    [
        "", "x", "w", "y", "main", "val", "name", "const", "constexpr_lut_to_dense", "constexpr_blockwise_shift_scale", "constexpr_sparse_to_dense", "constexpr_affine_dequantize", "constexpr_cast",
        "constexpr_lut_to_sparse", "constexpr_sparse_blockwise_shift_scale", "indices", "lut", "data", "scale", "offset", "mask", "nonzero_data", "axis", "vector_axis", "shape", "zero_point", "conv",
        "CoreML3", "CoreML6", "CoreML8", "CoreML9", "CoreML99", "@model_path/weights/weight.bin", "@model_path/../Manifest.json", "@model_path/model.mlmodel", "@model_path/", "/dev/zero", "@model_path//dev/zero",
        "@model_path/weights", "\0", "a\nb", "\u001b[2J", "\u202e", "\ud83d\ude00", "\u2028",
    ];

    private readonly NameMutator _names = new(random);
    private readonly ListMutator _lists = new(random);

    /// <summary>Changes one thing.</summary>
    /// <param name="message">The message; changed.</param>
    /// <param name="other">Another message, to take fields from.</param>
    public void Mutate(List<WireNode> message, List<WireNode> other)
    {
        List<(List<WireNode> Siblings, int Index, int Parent)> places = Places(message);
        if (places.Count == 0)
        {
            message.Add(new WireNode { Field = random.Next(1, 600), Number = Number(0) });
            return;
        }

        (List<WireNode> siblings, int index, int parent) = places[random.Next(places.Count)];
        WireNode node = siblings[index];
        switch (random.Next(22))
        {
            case 0:
                siblings.RemoveAt(index);
                break;
            case 1:
                siblings.Insert(random.Next(siblings.Count + 1), node.Clone());
                break;
            case 2:
                int at = random.Next(siblings.Count);
                (siblings[index], siblings[at]) = (siblings[at], siblings[index]);
                break;
            case 3:
                node.Field = random.Next(3) == 0 ? random.Next(1, 1200) : random.Next(1, 8);
                break;
            case 4:
                node.WireType = random.Next(8);
                break;
            case 5 or 6:
                Splice(siblings, index, parent, random.Next(3) == 0 ? message : other);
                break;
            case 7:
                node.LengthError = random.Next(4) == 0 ? (long)Number(0) : random.Next(-8, 9);
                break;
            case 8:
                Nest(node);
                break;
            case 9:
                Multiply(siblings, node);
                break;
            case 10:
                Rename(node, places);
                break;
            case 11 or 12:
                _names.Mix(places);
                break;
            case 13:
                _lists.Repack(siblings, index);
                break;
            case 14:
                _lists.Mistype(siblings, index);
                break;
            case 16 or 17:
                Grow(siblings, node);
                break;
            case 15 when random.Next(8) == 0:
                _names.Crowd(places);
                break;
            default:
                ChangeValue(Leaf(places) ?? node, places);
                break;
        }
    }

    /// <summary>A number that is worth trying, or one close to what was there.</summary>
    public ulong Number(ulong present) => random.Next(4) switch
    {
        0 => present + (ulong)random.Next(-2, 3),
        1 => random.Next(2) == 0 ? present * 2 : present / 2,
        _ => s_numbers[random.Next(s_numbers.Length)],
    };

    private void ChangeValue(WireNode node, List<(List<WireNode> Siblings, int Index, int Parent)> places)
    {
        if (node.WireType == 0)
        {
            node.Number = Number(node.Number);
            return;
        }

        if (node.Children is null && random.Next(3) == 0)
        {
            Rename(node, places);
            return;
        }

        byte[] bytes = node.Children is null ? node.Bytes : WireNode.Write(node.Children);
        node.Children = null;
        node.Bytes = Bytes(bytes);
    }

    /// <summary>Bytes with something changed in them.</summary>
    public byte[] Bytes(byte[] present)
    {
        List<byte> bytes = [.. present];
        int at = random.Next(bytes.Count + 1), length = Math.Min(random.Next(1, 9), bytes.Count - at);
        switch (random.Next(6))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            default:
                for (int i = 0; i < length; i++)
                {
                    bytes[at + i] = random.Next(2) == 0 ? (byte)0xFF : (byte)0;
                }

                break;
        }

        return [.. bytes];
    }

    // A name that another field has, or one that means something: so references go where they should not.
    private void Rename(WireNode node, List<(List<WireNode> Siblings, int Index, int Parent)> places)
    {
        node.WireType = 2;
        node.Children = null;
        node.Bytes = random.Next(2) == 0 && Leaf(places) is { WireType: 2 } leaf ? leaf.Bytes : Encoding.UTF8.GetBytes(s_texts[random.Next(s_texts.Length)]);
    }

    private WireNode? Leaf(List<(List<WireNode> Siblings, int Index, int Parent)> places)
    {
        for (int tries = 0; tries < 20; tries++)
        {
            (List<WireNode> siblings, int index, _) = places[random.Next(places.Count)];
            if (siblings[index].Children is null)
            {
                return siblings[index];
            }
        }

        return null;
    }

    // A field of the same number, under one of the same number, from elsewhere: most likely of the same type.
    private void Splice(List<WireNode> siblings, int index, int parent, List<WireNode> other)
    {
        int field = siblings[index].Field;
        (List<WireNode> Siblings, int Index, int Parent)[] like = [.. Places(other).Where(place => place.Parent == parent && place.Siblings[place.Index].Field == field)];
        if (like.Length == 0)
        {
            return;
        }

        (List<WireNode> from, int at, _) = like[random.Next(like.Length)];
        WireNode taken = from[at].Clone();
        if (random.Next(2) == 0)
        {
            siblings[index] = taken;
        }
        else
        {
            siblings.Insert(index, taken);
        }
    }

    // The message inside itself, over and over; or empty ones inside each other, deeper than any reader follows.
    private void Nest(WireNode node)
    {
        bool isDeep = random.Next(2) == 0;
        int times = isDeep ? random.Next(50, 400) : random.Next(1, 4);
        WireNode inner = node.Clone();
        for (int i = 0; i < times; i++)
        {
            inner = isDeep
                ? new WireNode { Field = node.Field, WireType = 2, Children = [inner] }
                : new WireNode { Field = inner.Field, WireType = 2, Children = [.. inner.Children ?? [], inner] };
        }

        node.WireType = 2;
        node.Children = [inner];
    }

    // A field more: settings that a layer may have, and does not have in most models.
    private void Grow(List<WireNode> siblings, WireNode node)
    {
        bool isInside = node is { WireType: 2, Children: null, Bytes.Length: 0 };
        int field = random.Next(3) == 0 ? random.Next(1, 100) : random.Next(1, 8);
        WireNode added = random.Next(3) switch
        {
            0 => new WireNode { Field = field, WireType = 2, Bytes = [.. Enumerable.Range(0, random.Next(6)).Select(_ => (byte)random.Next(random.Next(2) == 0 ? 6 : 128))] },
            1 => new WireNode { Field = field, WireType = 2, Bytes = [.. Enumerable.Repeat<byte>(0xFF, 9), (byte)1] }, // -1 in a list
            _ => new WireNode { Field = field, Number = random.Next(2) == 0 ? (ulong)random.Next(6) : Number(0) },
        };
        if (isInside)
        {
            node.Children = [added];
        }
        else
        {
            (node.Children ?? siblings).Add(added);
        }
    }

    private void Multiply(List<WireNode> siblings, WireNode node)
    {
        WireNode copy = random.Next(2) == 0 ? new WireNode { Field = node.Field, WireType = node.WireType, Number = node.Number } : node.Clone();
        int size = WireNode.Write([copy]).Length;
        siblings.AddRange(Enumerable.Range(0, random.Next(1, Math.Max(2, MostAdded / size))).Select(_ => copy.Clone()));
    }

    private static List<(List<WireNode> Siblings, int Index, int Parent)> Places(List<WireNode> message)
    {
        List<(List<WireNode>, int, int)> places = [];
        Collect(message, 0, places);
        return places;
    }

    private static void Collect(List<WireNode> siblings, int parent, List<(List<WireNode> Siblings, int Index, int Parent)> places)
    {
        for (int i = 0; i < siblings.Count; i++)
        {
            places.Add((siblings, i, parent));
            if (siblings[i].Children is { } children)
            {
                Collect(children, siblings[i].Field, places);
            }
        }
    }
}
