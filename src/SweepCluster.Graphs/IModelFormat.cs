namespace SweepCluster.Graphs;

/// <summary>The seam to one file format: file to <see cref="Graph"/> and back, with weights in the format's own compressed form.</summary>
public interface IModelFormat
{
    /// <summary>Name of the format, as <c>Core ML package</c>.</summary>
    string Name { get; }

    /// <summary>Whether the path looks like this format, judged by name and first bytes alone.</summary>
    bool Recognizes(string path);

    /// <summary>Reads a model. Weights may stay in its files: they are read where they are used, as long as anything of the graph can be reached.</summary>
    /// <exception cref="BadInputException">The file is missing or breaks the format; names file, place, what was found and what was expected.</exception>
    Graph Read(string path);

    /// <summary>Resolves the deployment target that a write will have: what was asked for, or the model's own.</summary>
    /// <param name="graph">A graph that this format read.</param>
    /// <param name="requested">A target's name, as <c>iOS18</c>; null for the model's own.</param>
    /// <returns>The target, with what a person should be told about it (raised versions).</returns>
    /// <exception cref="BadInputException">No such target, or the model cannot be written for it.</exception>
    ModelTarget ResolveTarget(Graph graph, string? requested);

    /// <summary>Says why a scheme cannot be written for a target, before anything is computed; null where it can.</summary>
    string? Refuses(Schemes.Scheme scheme, ModelTarget target);

    /// <summary>Says why one weight cannot be written in a scheme that the target holds for others; null where it can.</summary>
    /// <param name="graph">A graph that this format read.</param>
    /// <param name="weight">One of its weights.</param>
    /// <param name="scheme">The scheme.</param>
    /// <param name="target">The deployment target.</param>
    string? Refuses(Graph graph, Weights.Weight weight, Schemes.Scheme scheme, ModelTarget target) => null;

    /// <summary>Adds what the format must store anew along with other weights: a layer that holds float16 or float32 throughout has its bias follow. What is measured must be what is written, so ask before either.</summary>
    /// <param name="graph">A graph that this format read.</param>
    /// <param name="replacements">New stored forms by weight name.</param>
    /// <param name="target">The deployment target.</param>
    /// <returns>The replacements, and with them those that they bring along.</returns>
    IReadOnlyDictionary<string, Weights.CompressedWeight> Complete(Graph graph, IReadOnlyDictionary<string, Weights.CompressedWeight> replacements, ModelTarget target) => replacements;

    /// <summary>Size of the file that <see cref="Write"/> would write, in bytes, exactly.</summary>
    /// <param name="graph">A graph that this format read.</param>
    /// <param name="replacements">New stored forms by weight name; weights not named stay as they are.</param>
    /// <param name="target">The deployment target.</param>
    long Measure(Graph graph, IReadOnlyDictionary<string, Weights.CompressedWeight> replacements, ModelTarget target);

    /// <summary>Says what a person should know before a write that is allowed all the same: that the result is one which would not be read again. Null where there is nothing to say.</summary>
    /// <param name="graph">A graph that this format read.</param>
    /// <param name="replacements">New stored forms by weight name; weights not named stay as they are.</param>
    /// <param name="target">The deployment target.</param>
    string? Warns(Graph graph, IReadOnlyDictionary<string, Weights.CompressedWeight> replacements, ModelTarget target) => null;

    /// <summary>Writes the model whole or not at all: into a temporary sibling that is renamed when complete.</summary>
    /// <param name="graph">A graph that this format read.</param>
    /// <param name="replacements">New stored forms by weight name; weights not named stay as they are.</param>
    /// <param name="target">The deployment target.</param>
    /// <param name="path">Where to; must not exist.</param>
    /// <param name="cancellationToken">Stops; nothing is left then.</param>
    /// <exception cref="BadInputException">The path exists, or cannot be written.</exception>
    /// <exception cref="WriteFailedException">Writing failed once it had begun; nothing is left.</exception>
    void Write(Graph graph, IReadOnlyDictionary<string, Weights.CompressedWeight> replacements, ModelTarget target, string path, CancellationToken cancellationToken);

    /// <summary>The same model with a program that computes in float16 wherever it can: constants, intermediate values and operands. What the model takes and returns keeps its type.</summary>
    /// <param name="graph">A graph that this format read.</param>
    /// <param name="keep">Keeps what became float16 outside memory, for as long as the result is used; null keeps it in memory.</param>
    /// <exception cref="BadInputException">Models of the format have no types to change.</exception>
    Float16Program ToFloat16(Graph graph, Func<Weights.CompressedWeight, Weights.CompressedWeight>? keep) => throw new BadInputException($"{graph.Source}: found a {Name}, whose values have no types of their own, expected an ML program.");
}
