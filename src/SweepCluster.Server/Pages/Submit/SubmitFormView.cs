using System.Collections.Immutable;

namespace SweepCluster.Server.Pages.Submit;

/// <summary>The submit form as it stands.</summary>
public sealed record SubmitFormView
{
    /// <summary>What a new form begins with: a spec that works for most classifiers.</summary>
    public const string Example = """
        name: my-sweep
        objective: {metric: top1, max_drop: 1.0}      # points that may be lost, proven on samples that the choice did not see
        samples: {probe: 256, choice: 1000, confirm: 1000}
        schemes:                                      # lists multiply into a grid
          - palettize: {nbits: [2, 3, 4, 6, 8]}
          - palettize: {nbits: [2, 4], granularity: per_grouped_channel, group_size: [8, 16]}
          - quantize: {dtype: [int8, int4], granularity: per_channel}
          - prune: {target_sparsity: [0.3, 0.5]}
        search: {uniform: true, greedy: {plans: 16}}  # mixed plans are built from what each layer can bear

        """;

    /// <summary>The spec.</summary>
    public string Spec { get; init; } = Example;

    /// <summary>The priority, as it was written.</summary>
    public string Priority { get; init; } = "0";

    /// <summary>Models of earlier sweeps.</summary>
    public ImmutableArray<KnownFiles> Models { get; init; } = [];

    /// <summary>Data of earlier sweeps.</summary>
    public ImmutableArray<KnownFiles> Datas { get; init; } = [];

    /// <summary>The earlier sweep whose model was chosen; empty: none.</summary>
    public string ModelFrom { get; init; } = "";

    /// <summary>The earlier sweep whose data was chosen; empty: none.</summary>
    public string DataFrom { get; init; } = "";

    /// <summary>The model that was uploaded, in words; null: none.</summary>
    public string? UploadedModel { get; init; }

    /// <summary>The model that was uploaded, for the form to send again; empty: none.</summary>
    public string ModelKept { get; init; } = "";

    /// <summary>The data that was uploaded, in words; null: none.</summary>
    public string? UploadedData { get; init; }

    /// <summary>The data that was uploaded, for the form to send again; empty: none.</summary>
    public string DataKept { get; init; } = "";

    /// <summary>What cannot be used.</summary>
    public ImmutableArray<FormFault> Faults { get; init; } = [];

    /// <summary>The dry run's count; empty where it was not made.</summary>
    public ImmutableArray<CountLine> Count { get; init; } = [];

    /// <summary>Things a person should know.</summary>
    public ImmutableArray<string> Notices { get; init; } = [];

    /// <summary>Lines of the spec.</summary>
    public int Lines => Spec.AsSpan().Count('\n') + 1;
}
