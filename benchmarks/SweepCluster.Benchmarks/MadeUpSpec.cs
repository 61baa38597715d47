using SweepCluster.Sweeps.Specs;
using SweepCluster.Testing;

namespace SweepCluster.Benchmarks;

/// <summary>A request on the sample model, for sweeps whose results are made up.</summary>
internal static class MadeUpSpec
{
    /// <summary>The request.</summary>
    /// <param name="name">The sweep's name.</param>
    internal static SweepSpec Read(string name)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("sweep-made-up-");
        string path = Path.Combine(folder.FullName, $"{name}.yaml"), sample = Path.Combine(SharedData.Samples, "resnet20");
        try
        {
            File.WriteAllText(path, $$"""
                name: {{name}}
                model: {{Path.Combine(sample, "ResNet20.mlpackage")}}
                data: {path: {{Path.Combine(sample, "test-2000.npz")}}}
                objective: {metric: top1, max_drop: 2}
                samples: {probe: 128, choice: 512, confirm: 512}
                schemes:
                  - palettize: {nbits: [1, 2, 3, 4, 6, 8]}
                  - quantize: {dtype: [int4, int8]}
                  - prune: {target_sparsity: [0.1, 0.3, 0.5, 0.7]}
                """);
            return SpecReader.Read(path, []);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
