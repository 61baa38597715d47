namespace SweepCluster.Inference.Tests;

/// <summary>Trained models against scores from an independent float32 evaluation.</summary>
public sealed class RealModelTests
{
    private const double ScoreBound = 1e-4; // of the sample's largest score, either sign

    [Fact]
    public void Run_ResNet20_MatchesTheReference() => AssertMatches(TestModel.ResNet20());

    [Fact, Trait("Needs", "shared")]
    public void Run_SqueezeNet_MatchesTheReference() => AssertMatches(TestModel.Shared("squeezenet11-imagenet", "SqueezeNet11.mlpackage"));

    [Fact, Trait("Needs", "shared")]
    public void Run_SqueezeNetAsANeuralNetwork_MatchesTheReference() => AssertMatches(TestModel.Shared("squeezenet11-imagenet", "neural-network/SqueezeNet11_nn.mlmodel"));

    [Fact, Trait("Needs", "shared")]
    public void Run_ResNet34_MatchesTheReference() => AssertMatches(TestModel.Shared("resnet34-imagenet", "DlibResNet34.mlpackage"));

    private static void AssertMatches(TestModel model)
    {
        Network network = model.Compile();
        float[] actual = model.Run(network, model.Samples, model.Samples);
        int classes = network.OutputSize;
        Assert.Equal(model.Scores.Length, actual.Length);
        for (int sample = 0; sample < model.Samples; sample++)
        {
            float[] expectedScores = model.Scores[(sample * classes)..((sample + 1) * classes)], scores = actual[(sample * classes)..((sample + 1) * classes)];
            double largest = expectedScores.Max(MathF.Abs);
            Assert.InRange(expectedScores.Zip(scores, (a, b) => Math.Abs((double)a - b)).Max(), 0, ScoreBound * largest);
            Assert.Equal(Array.IndexOf(expectedScores, expectedScores.Max()), Array.IndexOf(scores, scores.Max()));
        }
    }
}
