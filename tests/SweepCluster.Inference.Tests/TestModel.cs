using SweepCluster.Formats.CoreMl;
using SweepCluster.Formats.Npy;
using SweepCluster.Graphs;
using SweepCluster.Numerics.Vectors;
using SweepCluster.Testing;

namespace SweepCluster.Inference.Tests;

/// <summary>A trained model with samples and the scores that an independent evaluation gave for them.</summary>
internal sealed class TestModel
{
    private TestModel(string folder, string package)
    {
        Graph = new CoreMlFormat().Read(Path.Combine(folder, package));
        string reference = Path.Combine(folder, "reference.npz");
        NpyArray pixels = NpzReader.Read(reference, "pixels");
        Samples = pixels.Shape[0];
        Input = ToPlanes(pixels, Graph.Inputs[0].Image?.Colors == ColorOrder.Bgr);
        Scores = NpzReader.Read(reference, "logits").ToFloat32();
    }

    public Graph Graph { get; }

    public int Samples { get; }

    public float[] Input { get; }

    public float[] Scores { get; }

    public static TestModel ResNet20() => new(Path.Combine(SharedData.Samples, "resnet20"), "ResNet20.mlpackage");

    public static TestModel Shared(string folder, string package) => new(SharedData.PathOf("data", folder), package);

    public Network Compile(VectorPath? path = null) => Network.Compile(Graph, Weights.Dense, null, path ?? VectorPaths.Best);

    public float[] Run(Network network, int samples, int batch)
    {
        float[] output = new float[samples * network.OutputSize];
        Workspace workspace = network.CreateWorkspace(batch);
        int length = Input.Length / Samples;
        for (int first = 0; first < samples; first += batch)
        {
            int count = Math.Min(batch, samples - first);
            network.Run(Input.AsSpan(first * length, count * length), count, output.AsSpan(first * network.OutputSize), workspace);
        }

        return output;
    }

    // Pictures [N, H, W, 3] in RGB to planes in the model's order.
    private static float[] ToPlanes(NpyArray pixels, bool bgr)
    {
        int samples = pixels.Shape[0], plane = pixels.Shape[1] * pixels.Shape[2];
        float[] values = pixels.ToFloat32(), planes = new float[values.Length];
        for (int i = 0; i < samples * plane; i++)
        {
            for (int color = 0; color < 3; color++)
            {
                planes[(((i / plane * 3) + color) * plane) + (i % plane)] = values[(i * 3) + (bgr ? 2 - color : color)];
            }
        }

        return planes;
    }
}
