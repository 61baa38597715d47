using SweepCluster.Graphs;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Tests.Fixtures;

namespace SweepCluster.Sweeps.Tests.Specs;

public class SpecFaultTests
{
    public static TheoryData<string, string> Faults => new()
    {
        { "schemes:\n- palettize: {nbit: 4}", "quick.yaml, line 4: found key 'nbit', expected one of mode, lut, nbits, granularity, group_size, cluster_dim, enable_per_channel_scale, lut_dtype, distinct, compat; did you mean 'nbits'?" },
        { "schemes:\n- palettize:\n    nbits: [4, 5]", "quick.yaml, line 5: scheme 'palettize': nbits: found '5', expected 1, 2, 3, 4, 6 or 8." },
        { "schemes:\n- paletize: {nbits: 4}", "quick.yaml, line 4: found scheme 'paletize', expected one of palettize, quantize, prune, mindspore, float16; did you mean 'palettize'?" },
        { "schemes:\n- palettize: {granularity: per_tensor, group_size: [8, 16]}", "quick.yaml, line 4: group_size: has no meaning without granularity=per_grouped_channel." },
        { "schemes:\n- quantize:\n    block_size: 16", "quick.yaml, line 5: block_size: has no meaning without granularity=per_block." },
        { "schemes:\n- palettize: {nbits: []}", "quick.yaml, line 4: nbits: found an empty list, expected at least one value." },
        { "schemes:\n- palettize: {nbits: {low: 1}}", "quick.yaml, line 4: nbits: found a mapping, expected a value or a list of values." },
        { "schemes:\n- palettize: 4", "quick.yaml, line 4: palettize: found '4', expected a mapping of settings." },
        { "schemes:\n- {palettize: {nbits: 4}, quantize: {}}", "quick.yaml, line 4: found 2 keys in one scheme, expected one of palettize, quantize, prune, mindspore, float16, or prune with palettize or quantize." },
        { "schemes:\n- {prune: {}, paletize: {}}", "quick.yaml, line 4: found scheme 'paletize', expected one of palettize, quantize, prune, mindspore, float16; did you mean 'palettize'?\nquick.yaml, line 4: found 2 keys in one scheme, expected one of palettize, quantize, prune, mindspore, float16, or prune with palettize or quantize." },
        { "schemes:\n- prune: {target_sparsity: 2}\n  palettize: {nbits: 5}", "quick.yaml, line 4: scheme 'prune': target_sparsity: found '2', expected a number above 0 and below 1.\nquick.yaml, line 5: scheme 'palettize': nbits: found '5', expected 1, 2, 3, 4, 6 or 8." },
        { "schemes:\n- prune: {}\n  palettize: {cluster_dim: 2}", "quick.yaml, line 4: scheme 'prune(target_sparsity=0.5)+palettize(mode=kmeans, nbits=4, granularity=per_tensor, cluster_dim=2)': found vectors or a scale for each channel, expected a palette of single values: what is left of a pruned weight has no neighbours." },
        { "schemes:\n- palettize: {mode: [unique, custom], lut: nf4, nbits: 4}", "quick.yaml, line 4: nbits: has no meaning without mode=kmeans, mode=uniform or a rule of any width." },
        { "schemes:\n- palettize: {mode: uniform, cluster_dim: [1, 2]}", "quick.yaml, line 4: cluster_dim: has no meaning without mode=kmeans." },
        { "schemes:\n- palettize: {mode: custom}", "quick.yaml, line 4: scheme 'palettize': mode=custom: found no 'lut', expected numbers joined by | or a rule (nf4, fp4, powers_of_two, quantiles)." },
        { "schemes:\n- palettize: {nbits: [[4]]}", "quick.yaml, line 4: nbits: found a list, expected a value or a list of values." },
        { "schemes:\n- palettize: {enable_per_channel_scale: 1}", "quick.yaml, line 4: scheme 'palettize': enable_per_channel_scale: found '1', expected true or false." },
        { "schemes:\n- prune: {n_m_ratio: [2, 4]}", "quick.yaml, line 4: scheme 'prune': n_m_ratio: found '2', expected n:m with n from 1 to m - 1, as 2:4.\nquick.yaml, line 4: scheme 'prune': n_m_ratio: found '4', expected n:m with n from 1 to m - 1, as 2:4." },
        { "schemes:\n- prune: {target_sparsity: 0.5, n_m_ratio: 2:4}", "quick.yaml, line 4: scheme 'prune': found several of target_sparsity, threshold and n_m_ratio, expected one." },
        { "schemes:\n- quantize: {dtype: int1, mode: [linear, linear_symmetric]}", "quick.yaml, line 4: scheme 'quantize': dtype=int1: found 1 bit for mode=linear_symmetric, expected 2 or more: one code would be left." },
        { "schemes:\n- mindspore: {init_scale: 0.1}", "quick.yaml, line 4: init_scale: has no meaning without bit_num=0." },
        { "schemes:\n- [palettize]", "quick.yaml, line 4: found a list, expected a scheme, as 'palettize: {nbits: 4}'." },
        { "schemes:\n- none", "quick.yaml, line 4: found scheme 'none', expected one that changes something; every sweep measures the untouched model as its baseline." },
        { "schemes:\n- \"palettize(nbits=5)\"", "quick.yaml, line 4: scheme 'palettize': nbits: found '5', expected 1, 2, 3, 4, 6 or 8." },
        { "schemes: {palettize: {}}", "quick.yaml, line 3: schemes: found a mapping, expected a list of schemes." },
        { "schemes: []", "quick.yaml, line 3: schemes: found an empty list, expected a list of schemes." },
        { "seed: 1", "quick.yaml: found no key 'schemes', expected a list of at least one scheme, as 'palettize: {nbits: [4, 6, 8]}'." },
        { "schemes: [prune]\nsed: 1", "quick.yaml, line 4: found key 'sed', expected one of name, model, target, data, objective, samples, seed, global_config, op_type_configs, op_name_configs, schemes, plans, search; did you mean 'seed'?" },
        { "schemes: [prune]\nseed: -1", "quick.yaml, line 4: seed: found '-1', expected a whole number, 0 or more." },
        { "schemes: [prune]\nseed: [1]", "quick.yaml, line 4: seed: found a list, expected a whole number, 0 or more." },
        { "schemes: [prune]\nseed: 1\nseed: 2", "quick.yaml, line 5: found key 'seed' a second time, the first is in line 4." },
        { "schemes: [prune]\nsamples: {choise: 10}", "quick.yaml, line 4: found key 'choise', expected one of probe, choice, confirm; did you mean 'choice'?" },
        { "schemes: [prune]\nsamples: {probe: 300, choice: 200}", "quick.yaml, line 4: samples.probe: found 300, expected at most the samples of the choice, 200, which probes take theirs from." },
        { "schemes: [prune]\nsamples: 1", "quick.yaml, line 4: samples: found '1', expected a whole number, 2 or more, or a mapping with probe, choice, confirm." },
        { "schemes: [prune]\nobjective: {metric: top2}", "quick.yaml, line 4: objective.metric: found 'top2', expected top1 or top5 or agreement or kl or loss; did you mean 'top1'?" },
        { "schemes: [prune]\nobjective: {max_drop: 101}", "quick.yaml, line 4: objective.max_drop: found '101', expected a number of percentage points, 0 to 100." },
        { "schemes: [prune]\nobjective: {higher: true}", "quick.yaml, line 4: objective.higher: has no meaning without command." },
        { "schemes: [prune]\nobjective: {metric: mAP, command: [run]}", "quick.yaml, line 4: objective.command: found no argument with '{model}', expected one: it stands for the path of the package to measure." },
        { "schemes: [prune]\nobjective: {metric: mAP, command: [run, '{model}'], timeout: soon}", "quick.yaml, line 4: objective.timeout: found 'soon', expected a time above 0, as 600, '600 s' or '10 min'." },
        { "schemes: [prune]\nobjective: {metric: mAP, command: 'run {model}'}", "quick.yaml, line 4: objective.command: found the text 'run {model}', expected a list of a program and its arguments, as [sh, eval.sh, '{model}']." },
        { "schemes: [prune]\nobjective: {command: [run, '{model}']}", "quick.yaml, line 4: objective.metric: found none, expected the name of a metric that the command prints." },
        { "schemes: [prune]\nop_type_configs: {conv: {}}", "quick.yaml, line 4: found a mapping, expected 'skip', a scheme, a list of schemes, or {weight_threshold: N}." },
        { "schemes: [prune]\nop_type_configs: [conv]", "quick.yaml, line 4: op_type_configs: found a list, expected a mapping from names to 'skip', a scheme, a list of schemes, or {weight_threshold: N}." },
        { "schemes: [prune]\nop_name_configs:\n  a: [prune, skip]", "quick.yaml, line 5: found 'skip' in a list, expected a scheme." },
        { "schemes: [prune]\nop_name_configs:\n  a: {weight_treshold: 5}", "quick.yaml, line 5: found scheme 'weight_treshold', expected one of palettize, quantize, prune, mindspore, float16, weight_threshold; did you mean 'weight_threshold'?" },
        { "schemes: [prune]\nplans: [mine.yaml]", "quick.yaml, line 4: plans: found no file 'mine.yaml', expected a coremltools configuration file." },
        { "schemes: [prune]\nsearch: {uniform: yes}", "quick.yaml, line 4: search.uniform: found 'yes', expected true or false." },
        { "schemes: [prune]\nsearch: {uniform: false, greedy: {plans: 0}, probes: false}", "quick.yaml, line 4: search: found nothing to try, expected uniform, greedy or probes." },
        { "schemes: [prune]\nsearch: {greedy: 3}", "quick.yaml, line 4: search.greedy: found '3', expected a mapping with plans." },
        { "schemes: [prune\nseed: 1", "quick.yaml, line 3: found no valid YAML (a bracket, brace or quote is not closed), expected YAML." },
        { "schemes: [prune]\n---\nseed: 1", "quick.yaml, line 4: found a second document, expected one." },
        { "schemes: [prune]\n? [a]\n: 1", "quick.yaml, line 4: found a list as a key, expected a text." },
        { "schemes: [*nowhere]", "quick.yaml, line 3: found no valid YAML (no anchor 'nowhere' stands before this alias), expected YAML." },
    };

    [Theory, MemberData(nameof(Faults))]
    public void Read_OneFault_IsNamedWithItsLine(string lines, string fault) =>
        Assert.Equal(fault, SpecReading.FaultsOf(TemporarySpecs.Head + lines));

    [Theory]
    [InlineData("", "quick.yaml: found an empty file, expected a sweep's spec.")]
    [InlineData("# nothing\n", "quick.yaml: found an empty file, expected a sweep's spec.")]
    [InlineData("- a\n", "quick.yaml, line 1: found a list, expected a mapping with name, model, target, data, objective, samples, seed, global_config, op_type_configs, op_name_configs, schemes, plans, search.")]
    [InlineData("data: {path: data.npz}\nschemes: [prune]", "quick.yaml: found no key 'model', expected the path of a model.")]
    [InlineData("model: other.mlpackage\ndata: {path: data.npz}\nschemes: [prune]", "quick.yaml, line 1: model: found nothing at 'other.mlpackage', expected a model.")]
    [InlineData("model: net.mlpackage\nschemes: [prune]\nsearch: {probes: false}", "quick.yaml: found no key 'data', expected labelled data to measure on, or a command of your own in 'objective'.")]
    [InlineData("model: net.mlpackage\ndata: {}\nschemes: [prune]", "quick.yaml, line 2: data: found no key 'path', expected the path of a .npz, a .npy, an idx file or a folder of pictures.")]
    [InlineData("model: net.mlpackage\ndata: {path: none.npz}\nschemes: [prune]", "quick.yaml, line 2: data.path: found nothing at 'none.npz', expected a .npz, a .npy, an idx file or a folder of pictures.")]
    [InlineData("model: net.mlpackage\ndata: {path: quick.yaml}\nschemes: [prune]\nobjective: {metric: kl}", "quick.yaml, line 2: data.path: found the file 'quick.yaml', expected a .npz, a .npy, an idx file or a folder of pictures.")]
    [InlineData("model: net.mlpackage\ndata:\n  path: data.npz\n  scale: [1, 0]\nschemes: [prune]", "quick.yaml, line 4: data.scale: found '0', expected a number other than 0, or a list of them, one for each channel.")]
    [InlineData("model: net.mlpackage\ndata:\n  path: net.mlpackage\nschemes: [prune]", "quick.yaml, line 3: data.labels: found none, expected a labels file that names each picture and its class, as labels.csv inside the folder or beside it.")]
    public void Read_FaultAtTheTop_IsNamed(string text, string fault) => Assert.Equal(fault, SpecReading.FaultsOf(text));

    [Fact]
    public void Read_ManyFaults_AreAllReportedInOrderOfLines()
    {
        string faults = SpecReading.FaultsOf("""
            model: nowhere
            data: {path: data.npz, layuot: nhwc}
            schemes:
              - palettize:
                  nbits: [4, 5]
                  mod: kmeans
              - quantize: {dtype: int17}
            seed: many
            samples: {choice: 0}
            """,
            new("samples.choise", "500"), new("seed.x", "1"));

        Assert.Equal(
            """
            quick.yaml, line 1: model: found nothing at 'nowhere', expected a model.
            quick.yaml, line 2: found key 'layuot', expected one of path, images, labels, file_column, label_column, layout, color, scale, bias; did you mean 'layout'?
            quick.yaml, line 5: scheme 'palettize': nbits: found '5', expected 1, 2, 3, 4, 6 or 8.
            quick.yaml, line 6: found key 'mod', expected one of mode, lut, nbits, granularity, group_size, cluster_dim, enable_per_channel_scale, lut_dtype, distinct, compat; did you mean 'mode'?
            quick.yaml, line 7: scheme 'quantize': dtype: found 'int17', expected int or uint with 1 to 16 bits, as int8 or uint4.
            quick.yaml, line 8: seed: found 'many', expected a whole number, 0 or more.
            quick.yaml, line 9: samples.choice: found '0', expected a whole number, 1 or more.
            --set seed.x=1: found 'x' inside 'many', expected 'seed' to be a mapping.
            --set samples.choise=500: found key 'choise', expected one of probe, choice, confirm; did you mean 'choice'?
            """.ReplaceLineEndings("\n"),
            faults);
    }

    [Theory]
    [InlineData("samples.choice", "-5", "--set samples.choice=-5: samples.choice: found '-5', expected a whole number, 1 or more.")]
    [InlineData("schemes.3", "prune", "--set schemes.3=prune: found '3' in the list 'schemes', expected an index below 1.")]
    [InlineData("samples..choice", "1", "--set samples..choice=1: found 'samples..choice', expected keys with dots between them, as samples.choice.")]
    [InlineData("seed", "[", "--set seed=[: found no valid YAML (While parsing a node, did not find expected node content), expected YAML.")]
    public void Read_FaultInASetting_NamesTheSetting(string key, string value, string fault) =>
        Assert.Equal(fault, SpecReading.FaultsOf(TemporarySpecs.Head + "schemes: [prune]", new KeyValuePair<string, string>(key, value)));

    [Fact]
    public void Read_NoSuchFile_SaysSo() => Assert.Equal(
        "/nowhere/a.yaml: found no such file, expected a sweep's spec.",
        Assert.Throws<BadInputException>(() => SpecReader.Read("/nowhere/a.yaml", [])).Message);

    [Fact]
    public void Read_NestedBeyondReason_IsRefused() => Assert.Equal(
        "quick.yaml, line 1: found no valid YAML (nested more than 32 levels deep), expected YAML.",
        SpecReading.FaultsOf(new string('[', 100_000)));

    [Fact]
    public void Read_GridBeyondReason_IsRefused()
    {
        string list = "[" + string.Join(", ", Enumerable.Range(1, 101)) + "]";
        Assert.Equal(
            "quick.yaml, line 4: quantize: found a grid of 10302 schemes, expected at most 10000.",
            SpecReading.FaultsOf(TemporarySpecs.Head + $"schemes:\n- quantize: {{granularity: [{string.Join(", ", Enumerable.Repeat("per_block", 51))}], mode: [linear, linear_symmetric], block_size: {list}}}"));
    }
}
