namespace SweepCluster.Graphs;

/// <summary>One function of a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="OperationSet">Its operation set, as <c>CoreML7</c>.</param>
/// <param name="IsMain">Whether the model's graph shows it: the main function, one of each program.</param>
/// <param name="Program">The function as a graph, to look at; read when it is asked for.</param>
public sealed record FunctionFacts(string Name, string OperationSet, bool IsMain, Lazy<Graph> Program);
