using System.Text.RegularExpressions;

namespace SweepCluster.Deploy.Tests.Machines;

/// <summary>The image's file agrees with the repository and with what compose file, chart and documents rely on.</summary>
public sealed class DockerfileTests
{
    private static readonly string s_text = DeployFile.Read("Dockerfile");

    [Fact]
    public void RestoreLayer_HasEveryProjectWithItsLockFile()
    {
        string[] projects = [.. Directory.EnumerateFiles(Path.Combine(DeployFile.Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal)];
        string[] expected = [.. projects.Select(name => $"COPY src/{name}/{name}.csproj src/{name}/packages.lock.json src/{name}/")];

        Assert.Equal(expected, s_text.Split('\n').Where(line => line.StartsWith("COPY src/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        string[] shared = ["global.json", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "BannedSymbols.txt"];
        Assert.Contains($"COPY {string.Join(' ', shared)} ./", s_text, StringComparison.Ordinal);
        string kept = File.ReadAllText(Path.Combine(DeployFile.Root, ".dockerignore"));
        Assert.All([.. shared, "src", "LICENSE", ".editorconfig"], name => Assert.Contains($"\n!{name}\n", kept, StringComparison.Ordinal));
    }

    [Fact]
    public void Image_IsAsTheContractsSay()
    {
        string last = s_text[s_text.LastIndexOf("\nFROM ", StringComparison.Ordinal)..];

        Assert.Equal(["sweep"], DeployFile.Words(last, "ENTRYPOINT"));
        Assert.Equal(["sweep", "health", "http://127.0.0.1:9464/readyz"], DeployFile.Words(last, "HEALTHCHECK"));
        Assert.Contains("\nUSER 10001:10001\n", last, StringComparison.Ordinal);
        Assert.Contains("\nEXPOSE 8080 9464 11111 30000\n", last, StringComparison.Ordinal);
        Assert.DoesNotContain("\nRUN ", last, StringComparison.Ordinal); // its base needs no shell
        Assert.Equal(["description", "licenses", "revision", "source", "title", "version"], Regex.Matches(last, "org\\.opencontainers\\.image\\.([a-z]+)=").Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
        string version = Regex.Match(File.ReadAllText(Path.Combine(DeployFile.Root, "Directory.Build.props")), "<Version>(.*)</Version>").Groups[1].Value;
        Assert.Contains($"\nARG VERSION={version}\n", last, StringComparison.Ordinal);
        Assert.Contains($"sweepcluster:{version}", DeployFile.Read("compose.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HealthCheck_ParsesAndFindsNobodyHere() =>
        Assert.Equal(1, (await CommandLine.RunAsync([.. DeployFile.Words(s_text, "HEALTHCHECK")[1..^1], "http://127.0.0.1:9"])).ExitCode); // its own port may be taken
}
