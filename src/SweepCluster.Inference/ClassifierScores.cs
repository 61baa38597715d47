using SweepCluster.Graphs;

namespace SweepCluster.Inference;

/// <summary>Finds the value of a classifier that holds one score for each class, before they become probabilities.</summary>
public static class ClassifierScores
{
    private static readonly Dictionary<string, string> s_walkedThrough = new()
    {
        ["classify"] = "probabilities",
        ["cast"] = "x",
        ["identity"] = "x",
        ["reshape"] = "x",
        ["squeeze"] = "x",
        ["expand_dims"] = "x",
        ["flatten2d"] = "x",
    };

    /// <summary>Walks back from the program's first output through classify, casts and reshapes to a softmax, and returns what it reads; without a softmax, the output.</summary>
    /// <param name="graph">The model.</param>
    /// <returns>Name of a value of the graph.</returns>
    /// <exception cref="BadInputException">The program has no output, or returns something that no operation computes.</exception>
    public static string Find(Graph graph)
    {
        if (graph.Outputs.IsEmpty)
        {
            throw new BadInputException($"{graph.Source}: found no output, expected one value that the program returns.");
        }

        string start = graph.Outputs[0], name = start;
        while (Producer(graph, name) is Node node)
        {
            if (node.OpType == "softmax")
            {
                return node.Input("x") is Operand.Value scores ? scores.Name : name;
            }

            if (node.OpType == "classify")
            {
                start = ReadBy(node) ?? name;
            }

            if (ReadBy(node) is not string before)
            {
                return start;
            }

            name = before;
        }

        return graph.Inputs.Any(input => input.Info.Name == name) ? start
            : throw new BadInputException($"{graph.Source}: output '{name}': found no operation that computes it.");
    }

    private static Node? Producer(Graph graph, string name) => graph.Nodes.FirstOrDefault(node => node.Outputs.Any(value => value.Name == name));

    private static string? ReadBy(Node node) =>
        s_walkedThrough.TryGetValue(node.OpType, out string? input) && node.Input(input) is Operand.Value value ? value.Name : null;
}
