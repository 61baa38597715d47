using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Numerics.MatrixProducts;

/// <summary>A matrix in the order in which <see cref="Linear"/> reads them: <c>[panel of 32 outputs][input][32]</c>, filled up with zeros.</summary>
public sealed class LinearWeights
{
    /// <summary>Outputs side by side; a bias is filled up to a multiple of it.</summary>
    public const int PanelLanes = 32;

    private LinearWeights(int inputs, int outputs, AlignedFloats values)
    {
        Inputs = inputs;
        Outputs = outputs;
        Values = values;
    }

    /// <summary>Length of one input row.</summary>
    public int Inputs { get; }

    /// <summary>Length of one output row.</summary>
    public int Outputs { get; }

    /// <summary>Bytes held.</summary>
    public long SizeBytes => sizeof(float) * (long)Values.Length;

    internal AlignedFloats Values { get; }

    internal int Panels => (Outputs + PanelLanes - 1) / PanelLanes;

    /// <summary>Floats of a packed matrix, what is filled up included.</summary>
    public static long PackedCount(int inputs, int outputs) => (((outputs - 1L) / PanelLanes) + 1) * PanelLanes * inputs;

    /// <summary>Packs a matrix.</summary>
    /// <param name="inputs">Columns of the matrix.</param>
    /// <param name="outputs">Rows of the matrix.</param>
    /// <param name="weight">Values <c>[outputs, inputs]</c>.</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    public static LinearWeights Pack(int inputs, int outputs, ReadOnlySpan<float> weight)
    {
        if (weight.Length != (long)inputs * outputs)
        {
            throw new ArgumentException($"{weight.Length} weights do not fit {outputs} outputs of {inputs} inputs.");
        }

        AlignedFloats values = new(checked((int)PackedCount(inputs, outputs)));
        Span<float> to = values.Span;
        for (int output = 0; output < outputs; output++)
        {
            int first = (output / PanelLanes * PanelLanes * inputs) + (output % PanelLanes);
            for (int input = 0; input < inputs; input++)
            {
                to[first + (input * PanelLanes)] = weight[(output * inputs) + input];
            }
        }

        return new(inputs, outputs, values);
    }
}
