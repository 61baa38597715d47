using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Inference.Planning;

/// <summary>A constant of the graph: a weight that may be replaced, or fixed numbers.</summary>
internal sealed class ParameterSource
{
    private readonly float[]? _fixedValues;

    public ParameterSource(Weight weight)
    {
        Weight = weight;
        Shape = weight.Shape;
    }

    public ParameterSource(Shape shape, float[] values)
    {
        Shape = shape;
        _fixedValues = values;
    }

    private ParameterSource(ParameterSource other, Shape shape)
    {
        Weight = other.Weight;
        _fixedValues = other._fixedValues;
        Shape = shape;
    }

    /// <summary>The weight, if it is one.</summary>
    public Weight? Weight { get; }

    /// <summary>Its shape.</summary>
    public Shape Shape { get; }

    /// <summary>The same constant under another shape of as many elements.</summary>
    public ParameterSource Reshape(Shape shape) => new(this, shape);

    /// <summary>Its values.</summary>
    /// <exception cref="ArgumentException">The caller gave another number of values than the shape says.</exception>
    public ReadOnlyMemory<float> Read(Func<Weight, ReadOnlyMemory<float>> values)
    {
        if (Weight is null)
        {
            return _fixedValues;
        }

        ReadOnlyMemory<float> given = values(Weight);
        return given.Length == Shape.ElementCount ? given
            : throw new ArgumentException($"Weight '{Weight.Name}' {Shape}: {given.Length} values given, expected {Shape.ElementCount}.", nameof(values));
    }
}
