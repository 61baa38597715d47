using System.Text.Json;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Reports.Json;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.EndToEnd.Tests;

/// <summary>One scheme of every kind through a whole sweep and out again.</summary>
public sealed class EverySchemeTests : IDisposable
{
    private static readonly string s_model = Path.Combine(SharedData.Samples, "resnet20", "ResNet20.mlpackage");

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Schemes => new()
    {
        { "palettize(mode=uniform, nbits=4)", "constexpr_lut_to_dense" },
        { "palettize(mode=custom, lut=nf4)", "constexpr_lut_to_dense" },
        { "palettize(mode=custom, lut=-0.2|-0.05|0|0.05|0.2)", "constexpr_lut_to_dense" },
        { "palettize(nbits=4, cluster_dim=2)", "constexpr_lut_to_dense" },
        { "palettize(nbits=4, enable_per_channel_scale=true)", "constexpr_lut_to_dense constexpr_blockwise_shift_scale" },
        { "palettize(nbits=6, lut_dtype=int8)", "constexpr_blockwise_shift_scale constexpr_lut_to_dense" },
        { "quantize(dtype=int8, clip=mse)", "constexpr_blockwise_shift_scale" },
        { "quantize(dtype=int8, compat=coremltools)", "constexpr_blockwise_shift_scale" },
        { "quantize(dtype=int4, granularity=per_block, block_size=1x8x0x0)", "constexpr_blockwise_shift_scale" },
        { "prune(n_m_ratio=2:4)", "constexpr_sparse_to_dense" },
        { "prune(target_sparsity=0.5, ties=exact)", "constexpr_sparse_to_dense" },
        { "prune(target_sparsity=0.25, block_size=4)", "constexpr_sparse_to_dense" },
        { "prune(target_sparsity=0.25, granularity=per_channel)", "constexpr_sparse_to_dense" },
        { "prune(threshold=0.05, minimum_sparsity_percentile=0)", "constexpr_sparse_to_dense" },
        { "mindspore(bit_num=8)", "constexpr_blockwise_shift_scale" },
        { "prune(target_sparsity=0.5)+palettize(nbits=4)", "constexpr_lut_to_sparse constexpr_sparse_to_dense" },
        { "prune(target_sparsity=0.5)+quantize(dtype=int8)", "constexpr_sparse_blockwise_shift_scale constexpr_sparse_to_dense" },
        { "prune(target_sparsity=0.5)+palettize(nbits=4, lut_dtype=int8)", "constexpr_blockwise_shift_scale constexpr_lut_to_sparse constexpr_sparse_to_dense" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Schemes))]
    public async Task Compress_EveryKindOfScheme_IsDecodedAlikeByAnIndependentReader(string scheme, string chain)
    {
        string package = _folder.At("small.mlpackage"), plain = _folder.At("plain.mlpackage");

        CommandLine compress = await CommandLine.RunAsync("compress", s_model, "--scheme", scheme, "--target", "iOS18", "-o", package);
        Assert.Equal((0, scheme), (compress.ExitCode, compress.ExitCode == 0 ? scheme : compress.Error));
        Assert.Equal(0, (await CommandLine.RunAsync("decompress", package, "-o", plain)).ExitCode);
        CommandLine inspect = await CommandLine.RunAsync("inspect", package);
        Assert.Equal(0, inspect.ExitCode);
        Assert.Equal(scheme.Contains("cluster_dim=2", StringComparison.Ordinal), inspect.Output.Contains("vectors of 2", StringComparison.Ordinal));
        Assert.True(!scheme.Contains("granularity=per_channel", StringComparison.Ordinal) || inspect.Output.Contains("output channels are empty", StringComparison.Ordinal), inspect.Output);

        IndependentPackage small = IndependentPackageReader.Read(package);
        string[] written = [.. small.Operations.Where(type => type.StartsWith("constexpr_", StringComparison.Ordinal))];
        Assert.NotEmpty(written);
        Assert.Equal(chain.Split(' ').Order(StringComparer.Ordinal), written.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(chain.Split(' '), written[..chain.Split(' ').Length]); // what feeds stands first
        AssertSame(small, IndependentPackageReader.Read(plain));
    }

    [Fact]
    public async Task Run_OneSchemeOfEveryKind_MeasuresAndExportsEach()
    {
        string spec = _folder.At("kinds.yaml"), results = _folder.At("results");
        File.WriteAllText(spec, $$$"""
            model: {{{s_model}}}
            target: iOS18
            data: {path: {{{SharedData.Samples}}}/resnet20/test-2000.npz}
            objective: {metric: top1, max_drop: 5.0}
            samples: {probe: 16, choice: 50, confirm: 50}
            global_config: {weight_threshold: 9000}
            schemes:
              - palettize: {mode: uniform, nbits: 4}
              - palettize: {mode: unique}
              - palettize: {mode: custom, lut: [[-0.2, -0.05, 0, 0.05, 0.2]]}
              - palettize: {nbits: 4, cluster_dim: 2}
              - palettize: {nbits: 4, enable_per_channel_scale: true, lut_dtype: int8}
              - quantize: {dtype: int8, clip: mse}
              - quantize: {dtype: int4, granularity: per_block, block_size: [[1, 8, 0, 0]], compat: coremltools}
              - prune: {n_m_ratio: 2:4}
              - prune: {target_sparsity: 0.25, granularity: per_channel}
              - prune: {target_sparsity: 0.5}
                palettize: {nbits: 4}
              - prune: {target_sparsity: 0.5}
                quantize: {dtype: int8}
              - mindspore: {bit_num: 8}
            search: {uniform: true, greedy: {plans: 2}}
            """);

        CommandLine run = await CommandLine.RunAsync("run", spec, "--out", results);

        Assert.Equal((0, ""), (run.ExitCode, run.ExitCode == 0 ? "" : run.Error));
        SweepSummary summary = ReportJson.Deserialize(File.ReadAllText(Path.Combine(results, "report.json")));
        TrialSummary[] uniform = [.. summary.Trials.Where(trial => trial.Kind == PlanKind.Uniform)];
        Assert.All(summary.Trials, trial => Assert.Null(trial.Failure));
        Assert.Equal(11, uniform.Length);
        SensitivitySummary[] unique = [.. summary.Sensitivities.Where(entry => entry.Scheme.Contains("unique", StringComparison.Ordinal))]; // trained layers have too many values: left alone, no trial
        Assert.NotEmpty(unique);
        Assert.All(unique, entry => Assert.EndsWith("distinct values, more than 256", entry.Reason));
        Assert.Equal(
            ["mindspore", "palettize", "prune", "prune+palettize", "prune+quantize", "quantize"],
            summary.Schemes.Select(scheme => scheme.Family).Distinct().Order(StringComparer.Ordinal));
        foreach (TrialSummary trial in uniform)
        {
            string package = _folder.At($"{trial.Id}.mlpackage");
            CommandLine export = await CommandLine.RunAsync("export", results, "--trial", trial.Id, "-o", package);
            Assert.Equal((0, trial.Label), (export.ExitCode, export.ExitCode == 0 ? trial.Label : export.Error));
            Assert.Equal(trial.SizeBytes, Directory.EnumerateFiles(package, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length));
            Assert.All(trial.Schemes.Values, text => Assert.Equal(text, SchemeText.Parse(text).Canonical));
        }

        // A configuration that cannot be written: one line, and no package either.
        string unwritten = _folder.At("unwritten.mlpackage");
        CommandLine refused = await CommandLine.RunAsync("export", results, "--trial", uniform[0].Id, "-o", unwritten, "--write-config", "/proc/plan.yaml");
        Assert.Equal(2, refused.ExitCode);
        Assert.Matches("^/proc/plan\\.\\w+\\.yaml: found a place that cannot be written \\(.*\\), expected one that can\\.\n$", refused.Error);
        Assert.False(Path.Exists(unwritten));
    }

    [Fact]
    public async Task Compress_ConfigThatSomeLayersCannotTake_NamesThemWithTheReason()
    {
        string config = _folder.At("groups.yaml"), package = _folder.At("groups.mlpackage");
        File.WriteAllText(config, "config_type: OpPalettizerConfig\nglobal_config: {nbits: 4, granularity: per_grouped_channel, group_size: 32, weight_threshold: 2048}\n");

        CommandLine compress = await CommandLine.RunAsync("compress", s_model, "--config", config, "-o", package, "--format", "json");

        Assert.Equal(0, compress.ExitCode);
        string[] reasons = [.. JsonDocument.Parse(compress.Output).RootElement.GetProperty("leftAlone").EnumerateArray().Select(entry => entry.GetProperty("reason").GetString()!)];
        Assert.Contains("16 output channels are not divisible by group size 32", reasons);
    }

    private static void AssertSame(IndependentPackage compressed, IndependentPackage plain)
    {
        Assert.Equal(compressed.Weights.Keys.Order(StringComparer.Ordinal), plain.Weights.Keys.Order(StringComparer.Ordinal));
        foreach ((string key, float[] values) in compressed.Weights)
        {
            Assert.Equal(Array.ConvertAll(values, BitConverter.SingleToInt32Bits), Array.ConvertAll(plain.Weights[key], BitConverter.SingleToInt32Bits));
        }
    }
}
