using System.Collections.Immutable;
using SweepCluster.Inference.Planning;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Inference.Steps;

/// <summary>One thing that a network does: reads values, writes one. After compilation it is immutable.</summary>
internal abstract class Step
{
    /// <summary>Values it reads.</summary>
    public List<Slot> Inputs { get; } = [];

    /// <summary>The value it writes.</summary>
    public required Slot Output { get; set; }

    /// <summary>Numbers it needs.</summary>
    public ImmutableArray<Parameter> Parameters { get; init; } = [];

    /// <summary>Multiply-adds for one sample, where they are most of the work.</summary>
    public virtual long MultiplyAdds => 0;

    /// <summary>Whether it takes its inputs and its output for plain vectors: channel after channel from the start of a sample, so that none of them may have a margin.</summary>
    public virtual bool TakesVectors => false;

    /// <summary>The margin that its first input needs at least.</summary>
    public virtual Margin NeededMargin => default;

    /// <summary>Called once, when every map is final.</summary>
    public virtual void Prepare(VectorPath path)
    {
    }

    /// <summary>Computes the output, margin excluded.</summary>
    public abstract void Run(in StepContext context);
}
