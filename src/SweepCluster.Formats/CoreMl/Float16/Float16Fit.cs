using System.Globalization;
using System.Runtime.InteropServices;
using SweepCluster.Graphs;
using SweepCluster.Numerics.Halves;

namespace SweepCluster.Formats.CoreMl.Float16;

/// <summary>Whether float16 holds a constant well enough.</summary>
/// <param name="IsScalar">Whether it is one number; the loss of that is never made up for by others.</param>
/// <param name="Largest">Largest finite magnitude.</param>
/// <param name="Beyond">A finite value that would become infinite; null where there is none.</param>
/// <param name="Lost">A value other than 0 that would become 0; null where there is none.</param>
/// <param name="LosesAll">Whether every value other than 0 would become 0.</param>
internal sealed record Float16Fit(bool IsScalar, double Largest, float? Beyond, float? Lost, bool LosesAll)
{
    // Halfway between 0 and float16's smallest number, which rounds to 0, as ties go to even.
    private const float LargestLost = 2.98023224e-8f;

    /// <summary>Goes through a constant's values.</summary>
    /// <param name="data">float32.</param>
    internal static Float16Fit Of(TensorData data)
    {
        float largest = 0;
        float? beyond = null, lost = null;
        bool anyKept = false;
        foreach (ReadOnlyMemory<byte> piece in FileMemory.Pieces(data.Bytes)) // every constant is looked at before the first is converted
        {
            foreach (float value in MemoryMarshal.Cast<byte, float>(piece.Span))
            {
                float magnitude = Math.Abs(value);
                if (!float.IsFinite(value))
                {
                    anyKept = true; // infinity and NaN stay what they are
                    continue;
                }

                largest = Math.Max(largest, magnitude);
                if (magnitude >= HalfRange.FirstInfinite)
                {
                    beyond ??= value;
                }
                else if (magnitude is > 0 and <= LargestLost)
                {
                    lost ??= value;
                }
                else
                {
                    anyKept |= magnitude > 0;
                }
            }
        }

        return new Float16Fit(data.Shape.ElementCount == 1, largest, beyond, lost, lost is not null && !anyKept);
    }

    /// <summary>Why a constant must stay float32, in a few words; null where it need not.</summary>
    /// <param name="isDivisor">Whether something is divided by it.</param>
    internal string? Refuses(bool isDivisor) =>
        Beyond is { } beyond ? string.Create(CultureInfo.InvariantCulture, $"{beyond} is beyond float16's {(float)Half.MaxValue}")
        : Lost is { } lost && (IsScalar || isDivisor || LosesAll) ? string.Create(CultureInfo.InvariantCulture, $"{lost} would become 0 in float16")
        : null;
}
