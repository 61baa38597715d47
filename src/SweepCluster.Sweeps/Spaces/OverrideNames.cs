using SweepCluster.Graphs;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Sweeps.Spaces;

/// <summary>Holds the names of overrides to the model's.</summary>
internal static class OverrideNames
{
    /// <summary>Checks every name.</summary>
    /// <exception cref="BadInputException">A name does not occur, or names what reads no weight; all of them, one line each.</exception>
    public static void Check(SweepSpec spec, Graph graph)
    {
        HashSet<string> types = [.. graph.Weights.SelectMany(weight => weight.Uses).Select(use => use.OpType)];
        HashSet<string> names = [.. graph.Weights.SelectMany(weight => weight.Uses.Select(use => use.Node).Prepend(weight.Name))];
        IEnumerable<string> faults = spec.OpTypeConfigs.Keys
            .Where(type => !types.Contains(type))
            .Select(type => $"{spec.Name}, op_type_configs: found '{type}', expected a type of operation that reads a weight: {string.Join(", ", types.Order(StringComparer.Ordinal))}{NearName.Hint(type, types)}")
            .Concat(spec.OpNameConfigs.Keys
                .Where(name => !names.Contains(name))
                .Select(name => $"{spec.Name}, op_name_configs: found '{name}', expected the name of a weight or of an operation that reads one{NearName.Hint(name, names)}"));
        string message = string.Join('\n', faults.Select(NearName.Ended));
        if (message.Length > 0)
        {
            throw new BadInputException(message);
        }
    }
}
