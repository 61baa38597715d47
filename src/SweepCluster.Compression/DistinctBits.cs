using System.Numerics;
using System.Runtime.InteropServices;

namespace SweepCluster.Compression;

/// <summary>Counts the different bit patterns among float32 numbers, however many there are, with at most 32 MiB: a bit for each pattern whose upper half occurs, for as many upper halves at once as fit.</summary>
internal sealed class DistinctBits
{
    private const int HalfBits = 16;
    private const int WordsOfUpper = (1 << HalfBits) / 64;
    private const int MostUppers = 4096; // at once

    private readonly bool[] _met = new bool[1 << HalfBits];

    /// <summary>Notes the upper halves that occur.</summary>
    internal void Meet(ReadOnlySpan<float> values)
    {
        foreach (uint bits in MemoryMarshal.Cast<float, uint>(values))
        {
            _met[bits >>> HalfBits] = true;
        }
    }

    /// <summary>Counts.</summary>
    /// <param name="pieces">Gives the numbers, of which all were met, once more; asked for once for every 4,096 upper halves.</param>
    internal long Count(Func<IEnumerable<ReadOnlyMemory<float>>> pieces)
    {
        int[] places = new int[_met.Length];
        int uppers = 0;
        for (int upper = 0; upper < places.Length; upper++)
        {
            places[upper] = _met[upper] ? uppers++ : -1;
        }

        long count = 0;
        ulong[] seen = new ulong[Math.Min(uppers, MostUppers) * WordsOfUpper];
        for (int first = 0; first < uppers; first += MostUppers)
        {
            seen.AsSpan().Clear();
            foreach (ReadOnlyMemory<float> piece in pieces())
            {
                foreach (uint bits in MemoryMarshal.Cast<float, uint>(piece.Span))
                {
                    int place = places[bits >>> HalfBits] - first;
                    if ((uint)place < MostUppers)
                    {
                        seen[(place * WordsOfUpper) + (int)((bits & ((1 << HalfBits) - 1)) / 64)] |= 1UL << (int)(bits % 64);
                    }
                }
            }

            foreach (ulong word in seen)
            {
                count += BitOperations.PopCount(word);
            }
        }

        return count;
    }
}
