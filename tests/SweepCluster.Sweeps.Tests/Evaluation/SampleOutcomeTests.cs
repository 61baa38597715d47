using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Sweeps.Tests.Evaluation;

public sealed class SampleOutcomeTests
{
    private static readonly float[] s_variant = [1, -2, 0.5f, 3.25f, 0, -1.5f];
    private static readonly float[] s_baseline = [0.75f, -2.5f, 1, 3, 0.25f, -1];

    [Fact]
    public void Compare_Logits_GivesSciPysDivergenceAndLosses()
    {
        SampleOutcome outcome = SampleOutcome.Compare(s_variant, s_baseline, 0, OutputKind.Logits);

        Assert.Equal(0.027672903228689413, outcome.Kl, 1e-15); // scipy.special.log_softmax, float64
        Assert.Equal(2.450489275808725, outcome.Loss, 1e-14);
        Assert.Equal(2.532969570535668, outcome.BaselineLoss, 1e-14);
    }

    [Fact]
    public void Compare_Probabilities_TakesThemAsTheyAre()
    {
        SampleOutcome outcome = SampleOutcome.Compare([0.5f, 0.25f, 0.25f], [0.7f, 0.2f, 0.1f], 2, OutputKind.Probabilities);

        Assert.Equal(0.0992727768827706, outcome.Kl, 1e-15); // NumPy, float64
        Assert.Equal(1.3862943611198906, outcome.Loss, 1e-15); // ln 4
    }

    [Fact]
    public void Compare_ProbabilityOfZero_StaysFinite()
    {
        SampleOutcome outcome = SampleOutcome.Compare([1, 0], [0.5f, 0.5f], 1, OutputKind.Probabilities);

        Assert.Equal(149 * Math.Log(2), outcome.Loss, 1e-12); // a stored 0 counts as 2^-149
        Assert.Equal(((149d / 2) - 1) * Math.Log(2), outcome.Kl, 1e-12); // (ln(1/2) - 0) / 2 + (ln(1/2) + 149 ln 2) / 2
    }

    [Fact]
    public void Compare_SameOutputs_AgreesWithoutDivergence()
    {
        SampleOutcome outcome = SampleOutcome.Compare(s_variant, s_variant, 3, OutputKind.Logits);

        Assert.Equal(0, outcome.Kl);
        Assert.Equal(outcome.BaselineLoss, outcome.Loss);
        Assert.True(outcome is { HasLabel: true, Top1: true, BaselineTop1: true, Top5: true, BaselineTop5: true, Agrees: true });
    }

    [Fact]
    public void Compare_EqualLargestValues_LowerIndexIsBest()
    {
        float[] tied = [0, 5, 5, 0];

        Assert.True(SampleOutcome.Compare(tied, tied, 1, OutputKind.Logits).Top1);
        Assert.False(SampleOutcome.Compare(tied, tied, 2, OutputKind.Logits).Top1);
        Assert.False(SampleOutcome.Compare(tied, [0, 4, 5, 0], 2, OutputKind.Logits).Agrees);
        Assert.True(SampleOutcome.Compare(tied, [0, 5, 4, 0], 2, OutputKind.Logits).Agrees);
    }

    [Fact]
    public void Compare_FiveClassesBefore_IsNotAmongTheFiveBest()
    {
        float[] output = [9, 8, 7, 6, 5, 5, 4];

        Assert.True(SampleOutcome.Compare(output, output, 4, OutputKind.Logits).Top5);
        Assert.False(SampleOutcome.Compare(output, output, 5, OutputKind.Logits).Top5); // equal to the fifth, but of a higher index
        Assert.False(SampleOutcome.Compare(output, output, 6, OutputKind.Logits).Top5);
        Assert.True(SampleOutcome.Compare([1, 2], [1, 2], 0, OutputKind.Logits).Top5);
    }

    [Fact]
    public void Compare_NoLabel_OnlyComparesTheOutputs()
    {
        SampleOutcome outcome = SampleOutcome.Compare(s_variant, s_baseline, null, OutputKind.Logits);

        Assert.True(outcome is { HasLabel: false, Top1: false, BaselineTop1: false, Top5: false, Agrees: true, Loss: 0, BaselineLoss: 0 });
        Assert.Equal(0.027672903228689413, outcome.Kl, 1e-15);
    }

    [Fact]
    public void Compare_VeryFarLogits_GivesAFiniteDivergence()
    {
        SampleOutcome outcome = SampleOutcome.Compare([0, 2000], [2000, 0], 0, OutputKind.Logits);

        Assert.Equal(2000, outcome.Kl);
        Assert.Equal(2000, outcome.Loss);
        Assert.Equal(0, outcome.BaselineLoss);
    }

    [Theory]
    [InlineData(float.NaN, "Output 1 of the variant: found NaN, expected a finite number.")]
    [InlineData(float.PositiveInfinity, "Output 1 of the variant: found Infinity, expected a finite number.")]
    public void Compare_OutputThatIsNotFinite_IsRefused(float value, string message)
    {
        Assert.Equal(
            message,
            Assert.Throws<NonFiniteOutputException>(() => SampleOutcome.Compare([0, value], [0, 1], 0, OutputKind.Logits)).Message);
    }

    [Fact]
    public void Compare_LabelOutside_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleOutcome.Compare([0, 1], [0, 1], 2, OutputKind.Logits));
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleOutcome.Compare([0, 1], [0, 1], -1, OutputKind.Logits));
        Assert.Throws<ArgumentException>(() => SampleOutcome.Compare([0, 1], [0, 1, 2], 0, OutputKind.Logits));
    }
}
