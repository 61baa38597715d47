using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Benchmarks.Palettes;

/// <summary>Weights to measure on: normal values of deviation 0.05, as trained convolutions have it.</summary>
internal static class ProbeWeights
{
    internal static Weight Of(ElementType type, Shape shape, int seed) =>
        new($"w{seed}", new DenseWeight(type, TensorData.FromFloats(type, shape, Normal((int)shape.ElementCount, seed))), [new($"y{seed}", "conv", "weight")], 0, 1);

    /// <summary>The convolutions and the linear layer of ResNet-50: 54 layers of 25.5 M weights in all.</summary>
    internal static Weight[] ResNet50()
    {
        List<Shape> shapes = [new Shape(64, 3, 7, 7)];
        int input = 64;
        foreach ((int width, int blocks) in new[] { (64, 3), (128, 4), (256, 6), (512, 3) })
        {
            for (int block = 0; block < blocks; block++)
            {
                shapes.AddRange([new Shape(width, input, 1, 1), new Shape(width, width, 3, 3), new Shape(4 * width, width, 1, 1)]);
                if (block == 0)
                {
                    shapes.Add(new Shape(4 * width, input, 1, 1));
                }

                input = 4 * width;
            }
        }

        shapes.Add(new Shape(1000, input));
        return [.. shapes.Select((shape, i) => Of(ElementType.Float16, shape, i))];
    }

    private static float[] Normal(int count, int seed)
    {
        Random random = new(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (float)(0.05 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return values;
    }
}
