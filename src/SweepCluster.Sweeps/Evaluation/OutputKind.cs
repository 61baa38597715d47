namespace SweepCluster.Sweeps.Evaluation;

/// <summary>What a classifier's output holds.</summary>
public enum OutputKind
{
    /// <summary>Scores before the softmax.</summary>
    Logits,

    /// <summary>Probabilities: the softmax is part of the model.</summary>
    Probabilities,
}
