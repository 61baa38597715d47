namespace SweepCluster.Compression.Quantization;

/// <summary>What <see cref="LinearQuantizer{TStored, T, TCodes, TCode}"/> is to do.</summary>
/// <param name="Range">The codes in use.</param>
/// <param name="Bits">Bits of one code, 1 to 16.</param>
/// <param name="Clip">Whether the range of every block is searched.</param>
/// <param name="Device">How the device decodes.</param>
/// <param name="Threads">Threads to use, 1 or more.</param>
internal readonly record struct LinearTask(CodeRange Range, int Bits, bool Clip, DeviceArithmetic Device, int Threads)
{
    /// <summary>Values that are worked on together, all steps of them from the second cache.</summary>
    internal const int BatchValues = 32 * 1024;
}
