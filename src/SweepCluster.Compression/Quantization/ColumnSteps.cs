using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SweepCluster.Compression.Quantization;

/// <summary>The blocks of a weight side by side, for rows in which every value belongs to another block.</summary>
internal sealed class ColumnSteps
{
    private readonly BlockSteps[] _steps;
    private readonly float[] _factors;
    private readonly float[] _low;
    private readonly float[] _high;
    private readonly int[] _zeros;

    internal ColumnSteps(ReadOnlySpan<float> scales, ReadOnlySpan<int> zeros, CodeRange range)
    {
        _steps = new BlockSteps[scales.Length];
        _factors = new float[scales.Length];
        _low = new float[scales.Length];
        _high = new float[scales.Length];
        _zeros = new int[scales.Length];
        Multiplies = true;
        for (int i = 0; i < scales.Length; i++)
        {
            _zeros[i] = zeros.IsEmpty ? range.Middle : zeros[i];
            _steps[i] = new(scales[i], _zeros[i], range);
            (_factors[i], _low[i], _high[i]) = (_steps[i].Factor, _steps[i].Low, _steps[i].High);
            Multiplies &= _steps[i].Multiplies;
        }
    }

    /// <summary>Whether every block multiplies.</summary>
    internal bool Multiplies { get; }

    internal BlockSteps this[int block] => _steps[block];

    /// <summary>Codes of sixteen values of as many blocks from <paramref name="first"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector512<int> Codes(Vector512<float> values, int first) => BlockSteps.Codes(
        values, Load(_factors, first), Load(_low, first), Load(_high, first), Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_zeros), (nuint)first));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(float[] values, int first) => Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(values), (nuint)first);
}
