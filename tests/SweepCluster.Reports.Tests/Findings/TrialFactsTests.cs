using SweepCluster.Graphs.Schemes;
using SweepCluster.Reports.Findings;

namespace SweepCluster.Reports.Tests.Findings;

public class TrialFactsTests
{
    [Theory]
    [InlineData("palettize(nbits=4)", "palettize")]
    [InlineData("quantize", "quantize")]
    [InlineData("prune(threshold=1E+3)", "prune")]
    [InlineData("mindspore(bit_num=8)", "mindspore")]
    [InlineData("float16", "float16")]
    [InlineData("none", "other")]
    [InlineData("prune(target_sparsity=0.5)+palettize(mode=custom, lut=1e+2|3)", "joint")]
    [InlineData("prune(n_m_ratio=2:4)+quantize(dtype=int4)", "joint")]
    public void Family_CanonicalText_IsTheSchemesAndHasATone(string text, string tone)
    {
        Scheme scheme = SchemeText.Parse(text);

        Assert.Equal(scheme.Family, TrialFacts.Family(scheme.Canonical));
        Assert.Equal(tone, TrialFacts.Tone(scheme.Family));
    }

    // Every colour that a mark can have is in the style sheet.
    [Theory, InlineData("palettize"), InlineData("quantize"), InlineData("prune"), InlineData("joint"), InlineData("mindspore"), InlineData("float16"), InlineData("other"), InlineData("mixed")]
    public void Tone_Any_HasItsColour(string tone)
    {
        string css = File.ReadAllText(Path.Combine(Testing.SharedData.Repository, "src", "SweepCluster.Reports", "Assets", "report.css"));

        Assert.Contains($".{tone} {{ --tone: var(--{tone}); }}", css, StringComparison.Ordinal);
        Assert.Contains($"  --{tone}: light-dark(", css, StringComparison.Ordinal);
    }
}
