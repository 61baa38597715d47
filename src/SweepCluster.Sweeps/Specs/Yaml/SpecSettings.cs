namespace SweepCluster.Sweeps.Specs.Yaml;

/// <summary>Puts <c>--set a.b=value</c> into a document: the path's last key gets the value, what lies between is made where it is missing.</summary>
internal static class SpecSettings
{
    /// <summary>Applies one setting.</summary>
    /// <param name="root">The document.</param>
    /// <param name="path">Keys with dots between them; an item of a list by its index from 0.</param>
    /// <param name="text">The value, as YAML.</param>
    /// <param name="faults">Receives what is wrong.</param>
    public static void Apply(MappingNode root, string path, string text, SpecFaults faults)
    {
        SpecPlace place = new($"--set {path}={text}", 0);
        SpecNode value = SpecDocument.Read(text, _ => place, faults) ?? new ScalarNode(place, "", quoted: false);
        string[] keys = path.Split('.');
        if (Array.Exists(keys, string.IsNullOrWhiteSpace))
        {
            faults.Add(place, $"found '{path}', expected keys with dots between them, as samples.choice");
            return;
        }

        SpecNode node = root;
        for (int i = 0; i < keys.Length; i++)
        {
            bool last = i == keys.Length - 1;
            switch (node)
            {
                case MappingNode mapping:
                    SpecNode? next = last ? value : mapping.Find(keys[i])?.Value;
                    next = next is null || (next.IsNull && !last) ? new MappingNode(place) : next;
                    if (last || mapping.Find(keys[i]) is not { Value.IsNull: false })
                    {
                        mapping.Set(new SpecEntry(keys[i], place, next));
                    }

                    node = next;
                    break;
                case SequenceNode sequence when int.TryParse(keys[i], out int index) && index >= 0 && index < sequence.Items.Count:
                    sequence.Items[index] = last ? value : sequence.Items[index];
                    node = sequence.Items[index];
                    break;
                default:
                    string parent = string.Join('.', keys[..i]);
                    faults.Add(place, node is SequenceNode list
                        ? $"found '{keys[i]}' in the list '{parent}', expected an index below {list.Items.Count}"
                        : $"found '{keys[i]}' inside {node.Description}, expected '{parent}' to be a mapping");
                    return;
            }
        }
    }
}
