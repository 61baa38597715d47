namespace SweepCluster.Graphs;

/// <summary>An operation that stays float32 in a program that becomes float16.</summary>
/// <param name="Name">The operation's name (its first output).</param>
/// <param name="OpType">Its type.</param>
/// <param name="Reason">Why, in a few words.</param>
public sealed record KeptOperation(string Name, string OpType, string Reason);
