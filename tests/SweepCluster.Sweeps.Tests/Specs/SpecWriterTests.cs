using FsCheck;
using FsCheck.Fluent;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Testing;

namespace SweepCluster.Sweeps.Tests.Specs;

public class SpecWriterTests
{
    private const string Whole = """
        name: "every: 'thing' \\ \"é\""
        model: net.mlpackage
        target: iOS18
        data: {path: data.npz, images: pictures, labels: classes, layout: nchw, color: bgr, scale: 0.5, bias: [-104, -117.25, 1e-9]}
        objective: {metric: top5, max_drop: 1.1}
        samples: {probe: 100, choice: 400, confirm: 0}
        seed: 9007199254740993
        global_config: {weight_threshold: 512}
        op_type_configs:
          linear: skip
          conv: {weight_threshold: 100}
        op_name_configs:
          "first: odd": {palettize: {nbits: 8}}
          second: [{quantize: {dtype: int8}}, "prune(target_sparsity=0.5)", {weight_threshold: 9}]
          third: ~
        schemes:
          - palettize: {mode: [kmeans, uniform], nbits: [2, 4], granularity: per_tensor}
          - palettize: {mode: custom, lut: [nf4, powers_of_two, [-0.1, 0, 0.1]]}
          - prune: {n_m_ratio: [[2, 4]]}
            quantize: {dtype: int4, granularity: per_block, block_size: 1x32x0x0}
          - float16
        plans: [mine.yaml]
        search: {uniform: false, greedy: {plans: 3}, probes: false}
        """;

    private const string Command = """
        model: net.mlpackage
        objective: {metric: wer, max_drop: 0.25, higher: false, command: [python, "my eval.py", "--model={model}", "a: 'b' \\ \"c\""], timeout: 1.5 min}
        schemes: [{palettize: {nbits: 4}}]
        search: {greedy: {plans: 0}}
        """;

    private const string Pictures = """
        model: net.mlpackage
        data: {path: pictures, labels: labels.csv, file_column: file, label_column: class}
        objective: {metric: kl, max_drop: 0.1}
        schemes: [{palettize: {nbits: 4}}]
        """;

    private const string Unlabelled = """
        model: net.mlpackage
        data: {path: data.npz, labels: null}
        objective: {metric: agreement, max_drop: 0.7}
        schemes: [{palettize: {nbits: 4}}]
        """;

    public static TheoryData<string> Specs => [Whole, Command, Pictures, Unlabelled];

    [Theory]
    [MemberData(nameof(Specs))]
    public void Write_ASpec_IsReadAsTheSame(string text)
    {
        using TemporaryFolder folder = Files();
        File.WriteAllText(folder.At("given.yaml"), text);

        Same(SpecReader.Read(folder.At("given.yaml"), []), folder);
    }

    [Theory]
    [InlineData("quickstart.yaml")]
    [InlineData("full.yaml")]
    public void Write_ASampleSpec_IsReadAsTheSame(string name)
    {
        using TemporaryFolder folder = new();

        Same(SpecReader.Read(Path.Combine(SharedData.Samples, name), []), folder);
    }

    [Fact]
    public void Write_AnyAcceptedDrop_IsReadBitForBit()
    {
        using TemporaryFolder folder = Files();
        File.WriteAllText(folder.At("given.yaml"), Unlabelled);
        SweepSpec spec = SpecReader.Read(folder.At("given.yaml"), []);

        Prop.ForAll(Gen.Choose(0, int.MaxValue).Select(value => value / (double)int.MaxValue * 100).ToArbitrary(), points =>
        {
            File.WriteAllText(folder.At("copy.yaml"), SpecWriter.Write(spec with { Objective = spec.Objective with { MaxDrop = points / 100 } }));

            Assert.Equal(points / 100, SpecReader.Read(folder.At("copy.yaml"), []).Objective.MaxDrop);
        }).Check(Config.QuickThrowOnFailure.WithReplay(20261120, 1));
    }

    [Fact]
    public void Write_AnyName_IsReadAsItIs()
    {
        using TemporaryFolder folder = Files();
        File.WriteAllText(folder.At("given.yaml"), Unlabelled);
        SweepSpec spec = SpecReader.Read(folder.At("given.yaml"), []);

        Prop.ForAll(Gen.Elements([.. "aé\"'\\:#-?&*!|>%@` \t\n\r\u0085\u2028\0\u001b~"]).ListOf().Select(letters => new string([.. letters])).ToArbitrary(), name =>
        {
            File.WriteAllText(folder.At("copy.yaml"), SpecWriter.Write(spec with { Name = name }));

            Assert.Equal(name, SpecReader.Read(folder.At("copy.yaml"), []).Name);
        }).Check(Config.QuickThrowOnFailure.WithReplay(20261120, 1));
    }

    private static void Same(SweepSpec spec, TemporaryFolder folder)
    {
        File.WriteAllText(folder.At("copy.yaml"), SpecWriter.Write(spec));

        SweepSpec copy = SpecReader.Read(folder.At("copy.yaml"), []);

        Assert.Equal(spec.Canonical, copy.Canonical);
        Assert.Equal((spec.Model, spec.Data?.Path, spec.Data?.Labels), (copy.Model, copy.Data?.Path, copy.Data?.Labels));
        Assert.Equal((spec.Objective.MaxDrop, spec.Objective.Timeout, spec.Objective.Higher), (copy.Objective.MaxDrop, copy.Objective.Timeout, copy.Objective.Higher));
        Assert.Equal(spec.Objective.Command.AsEnumerable(), copy.Objective.Command);
        Assert.Equal(spec.GivenPlans.AsEnumerable(), copy.GivenPlans);
    }

    private static TemporaryFolder Files()
    {
        TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.At("net.mlpackage"));
        Directory.CreateDirectory(folder.At("pictures"));
        File.WriteAllText(folder.At("data.npz"), "");
        File.WriteAllText(folder.At("labels.csv"), "file,class\n");
        File.WriteAllText(folder.At("mine.yaml"), "global_config: {nbits: 4}\n");
        return folder;
    }
}
